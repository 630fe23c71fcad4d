/**
 * Who may import what (design.md section 7). Data goes one way, providers are islands, and only functions know
 * everybody. A rule's comment is what a person who broke it reads.
 */

/** A rule that lets `from` import only what matches one of `allowed`, and Node's own modules. */
const only = (name, comment, from, allowed) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from },
  to: { pathNot: allowed, dependencyTypesNot: ['core'] },
});

/** The same over our own folders; packages are free. */
const onlyOfOurs = (name, comment, from, allowed) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from },
  to: { path: '^(explorer|functions|infra|shared|test)/', pathNot: allowed },
});

const zod = 'node_modules/zod/';
/** The event types of Lambda: a package of types only, which has no module of that name. */
const lambdaTypes = '^aws-lambda$';

module.exports = {
  forbidden: [
    { name: 'no-circular', comment: 'No step calls back.', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'resolvable',
      comment: 'An import that cannot be followed cannot be checked either.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: lambdaTypes },
    },
    {
      name: 'facts-import-nothing',
      comment: 'Stacks and functions both read facts, so they carry nothing along.',
      severity: 'error',
      from: { path: '^shared/facts/' },
      to: {},
    },
    {
      name: 'domain-is-pure',
      comment: 'Domain knows facts (which know nothing), zod, and of Node what has no effects.',
      severity: 'error',
      from: { path: '^shared/domain/' },
      to: { pathNot: ['^shared/(domain|facts)/', zod, '^(node:)?(crypto|util)$'] },
    },
    only(
      'http-knows-domain',
      'The one way out knows domain, undici, jose for signed client assertions, and ipaddr.js for what an address is.',
      '^shared/http/',
      ['^shared/(http|domain)/', 'node_modules/(undici|jose|ipaddr\\.js)/', zod],
    ),
    only(
      'providers-are-islands',
      'A provider knows its own folder, what stands beside the folders, domain, http and webhooks: no other provider, no storage.',
      '^shared/providers/([^/]+)/',
      ['^shared/providers/$1/', '^shared/providers/(?!registry\\.)[^/]+\\.ts$', '^shared/(domain|http|webhooks)/', zod],
    ),
    only(
      'webhooks-know-no-provider',
      'What providers sign with knows what a connector is, and none by name; jose for signed tokens.',
      '^shared/webhooks/',
      ['^shared/(webhooks|domain)/', '^shared/providers/(connector|webhook)\\.ts$', 'node_modules/jose/', zod],
    ),
    only(
      'connectors-tools-know-no-provider',
      'What stands beside the providers knows domain and none of them.',
      '^shared/providers/(?!registry\\.)[^/]+\\.ts$',
      ['^shared/providers/(?!registry\\.)[^/]+\\.ts$', '^shared/domain/', zod],
    ),
    only(
      'registry-lists-connectors',
      'The registry lists connectors and does nothing.',
      '^shared/providers/registry\\.ts$',
      ['^shared/providers/connector\\.ts$', '^shared/providers/[^/]+/connector\\.ts$', '^shared/domain/'],
    ),
    only('storage-knows-no-provider', 'Storage knows domain, facts, the environment and AWS.', '^shared/storage/', [
      '^shared/(storage|domain|facts)/',
      '^shared/runtime/env\\.ts$',
      'node_modules/(@aws-sdk|@smithy|p-map)/',
      lambdaTypes,
      zod,
    ]),
    onlyOfOurs(
      'runtime-is-below',
      'The runtime knows facts and domain.',
      '^shared/runtime/',
      '^shared/(runtime|facts|domain)/',
    ),
    onlyOfOurs(
      'ingest-knows-no-provider',
      'The engine knows what a connector is, and none by name.',
      '^shared/ingest/',
      '^shared/((ingest|domain|storage|http)/|providers/connector\\.ts$)',
    ),
    {
      name: 'ingest-has-seams',
      comment: 'The engine reaches AWS through storage and providers through http.',
      severity: 'error',
      from: { path: '^shared/(ingest|media)/' },
      to: { path: 'node_modules/(@aws-sdk|undici)/' },
    },
    onlyOfOurs(
      'media-knows-no-provider',
      'The copy of a file knows what a connector is, and none by name.',
      '^shared/media/',
      '^shared/((media|domain|storage|http)/|ingest/(write-version|media-session)\\.ts$|providers/connector\\.ts$)',
    ),
    only(
      'publish-knows-the-bus',
      'What sends things out knows domain, facts, storage and the bus.',
      '^shared/publish/',
      ['^shared/(publish|domain|facts|storage)/', 'node_modules/(@aws-sdk/client-eventbridge|p-map)/', lambdaTypes],
    ),
    onlyOfOurs('shared-is-below', 'Shared code knows no function and no stack.', '^shared/', '^shared/'),
    onlyOfOurs(
      'functions-are-islands',
      'A function knows its own folder and shared code; two that need the same thing share it.',
      '^functions/([^/]+)/',
      ['^functions/$1/', '^shared/'],
    ),
    {
      name: 'storage-owns-clients',
      comment: "AWS clients belong to storage, and the bus's to shared/publish.",
      severity: 'error',
      from: { path: '^functions/' },
      to: { path: 'node_modules/@aws-sdk/' },
    },
    onlyOfOurs(
      'stacks-read-facts-and-registry',
      'Stacks name functions by path; of the code they read facts, domain and the registry.',
      '^infra/(?!local/)',
      ['^infra/(?!local/)', '^shared/(facts|domain)/', '^shared/providers/registry\\.ts$'],
    ),
    only(
      'subscribers-stand-alone',
      'The construct goes into stacks of other apps: it knows the CDK, facts, and how an alarm is made.',
      '^infra/subscriber/',
      [
        '^infra/subscriber/',
        '^infra/constructs/alarm-at-first\\.ts$',
        '^shared/facts/',
        'node_modules/(aws-cdk-lib|constructs)/',
      ],
    ),
    onlyOfOurs(
      'local-reads-the-template',
      'One machine runs what the template names: it imports no function, no stack, no storage and no provider.',
      '^infra/local/',
      ['^infra/local/', '^infra/sources-key\\.ts$', '^shared/(facts|domain)/'],
    ),
    only(
      'explorer-stands-alone',
      'The page knows its own folder, its view library, and what the domain calls things.',
      '^explorer/',
      ['^explorer/', '^shared/domain/', 'node_modules/(preact|@preact/signals)/'],
    ),
    {
      name: 'explorer-takes-types-alone',
      comment: 'Of the domain the page takes types: its code would bring zod into every browser.',
      severity: 'error',
      from: { path: '^explorer/' },
      to: { path: '^shared/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'explorer-is-files',
      comment: 'The page is served as files: no code imports it.',
      severity: 'error',
      from: { pathNot: '^(explorer|test)/' },
      to: { path: '^explorer/' },
    },
    {
      name: 'source-never-imports-test',
      comment: 'Tests know the source, never the other way round.',
      severity: 'error',
      from: { pathNot: '^test/' },
      to: { path: '^test/' },
    },
    {
      name: 'no-development-packages',
      comment: 'What runs deployed stands under dependencies.',
      severity: 'error',
      from: { path: '^(explorer|functions|shared)/' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'declared-packages',
      comment: 'A package that is imported stands in package.json.',
      severity: 'error',
      from: {},
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^test/fixtures/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.mts', '.js', '.mjs', '.cjs', '.json'],
    },
  },
};
