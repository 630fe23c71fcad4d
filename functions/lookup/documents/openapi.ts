import type * as z from 'zod';
import { type Capability, scopeOf } from '../access/capabilities.ts';
import type { AnswerAbout, Route } from '../route.ts';
import { errorSchema, errorsOf, needsOf, oauthErrorSchema } from './errors.ts';
import { type Example, examplesOf } from './examples.ts';
import { type JsonSchema, jsonSchemaOf, type NamedSchemas } from './json-schema.ts';

export type OpenApi = JsonSchema & { paths: Readonly<Record<string, Readonly<Record<string, JsonSchema>>>> };

type Sources = {
  routes: readonly Route[];
  /** the schema of an address's errors, where it is a provider's */
  errorOf: (path: string) => z.ZodType | null;
  /** to which part of the documents an address belongs */
  tagOf: (path: string) => string;
  tags: readonly { name: string; description: string }[];
  examples: readonly Example[];
  version: string;
};

/** The OpenAPI 3.1 document of all addresses, from the schemas that parse their requests and write their answers. */
export function openApiOf(sources: Sources): OpenApi {
  const named: NamedSchemas = new Map();
  const paths: Record<string, Record<string, JsonSchema>> = {};
  for (const route of sources.routes) {
    const operations = paths[route.path] ?? {};
    operations[route.method.toLowerCase()] = operationOf(route, sources, named);
    paths[route.path] = operations;
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Earshot',
      version: sources.version,
      summary: 'Every customer conversation, from every provider, looked up at one address',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    tags: sources.tags,
    security: [{ bearer: [] }],
    paths,
    components: { securitySchemes, schemas: Object.fromEntries([...named].sort(([a], [b]) => (a < b ? -1 : 1))) },
  };
}

const securitySchemes = {
  bearer: {
    type: 'http',
    scheme: 'bearer',
    description: 'A token of POST /oauth/token by client credentials, or the static token of a client.',
  },
};

function operationOf(route: Route, { errorOf, tagOf, examples }: Sources, named: NamedSchemas): JsonSchema {
  const { about, path } = route;
  const needs = needsOf(route);
  const own = examplesOf(examples, about.id);
  const isToken = about.body?.type === 'application/x-www-form-urlencoded';
  // The token endpoint says its own faults as OAuth does; what fails on our side is one of ours.
  const errorAt = (status: number) => (isToken && status < 500 ? oauthErrorSchema : (errorOf(path) ?? errorSchema));
  const answers = Object.entries(about.answers).map(([status, answer]) => [
    status,
    { description: answer.description, ...contentOf(answer, exampleAnswers(own, Number(status)), named) },
  ]);
  const errors = [...errorsOf(route)]
    .filter(([status]) => about.answers[status] === undefined)
    .map(([status, description]) => [
      String(status),
      { description, ...contentOf({ description, schema: errorAt(status) }, exampleAnswers(own, status), named) },
    ]);
  return {
    operationId: about.id,
    summary: about.summary,
    tags: [tagOf(path)],
    ...(needs ? { description: scopeText(needs) } : { security: [] }),
    ...parametersOf(route, named),
    ...bodyOf(route, own, named),
    responses: Object.fromEntries([...answers, ...errors]),
  };
}

const scopeText = (capability: Capability): string => `Needs the scope \`${scopeOf[capability]}\`.`;

const meaningOf: Readonly<Record<string, string>> = {
  id: 'the id of design.md section 4 (`connection:externalId`) or the uuid, percent-encoded once; a connection by its id',
  key: 'the key of the file, percent-encoded once',
};

function parametersOf({ path, about }: Route, named: NamedSchemas): JsonSchema {
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => ({
    name,
    in: 'path',
    required: true,
    description: meaningOf[name] ?? 'an id that this API gave',
    schema: { type: 'string' },
  }));
  const inQuery = Object.entries(about.query?.shape ?? {}).map(([name, schema]) => {
    const { description, ...rest } = jsonSchemaOf(schema as z.ZodType, 'input', named);
    const required = !(schema as z.ZodType).safeParse(undefined).success;
    return { name, in: 'query', required, ...(description !== undefined && { description }), schema: typed(rest) };
  });
  const inHeaders = (about.headers ?? []).filter(({ name }) => !reserved.has(name.toLowerCase()));
  const headers = inHeaders.map(({ name, description }) => ({
    ...{ name, in: 'header', required: false, description, schema: { type: 'string' } },
  }));
  const parameters = [...inPath, ...inQuery, ...headers];
  return parameters.length === 0 ? {} : { parameters };
}

/** OpenAPI says these by other means and ignores them among the parameters. */
const reserved = new Set(['accept', 'content-type', 'authorization']);

/** What is parsed from text has no type of its own. */
const typed = (schema: JsonSchema): JsonSchema =>
  ['type', '$ref', 'anyOf', 'oneOf', 'enum', 'const'].some((name) => name in schema)
    ? schema
    : { type: 'string', ...schema };

function bodyOf({ about }: Route, examples: readonly Example[], named: NamedSchemas): JsonSchema {
  if (!about.body) return {};
  const { type, schema } = about.body;
  const shown = examples.flatMap(({ name, body }) =>
    body === undefined ? [] : [[name, { value: bodyValue(type, body) }] as const],
  );
  const media = {
    schema: jsonSchemaOf(schema, 'input', named),
    ...(shown.length > 0 && { examples: Object.fromEntries(shown) }),
  };
  return { requestBody: { content: { [type]: media } } };
}

/** A form is described as an object of its fields. */
const bodyValue = (type: string, body: unknown): unknown =>
  type.endsWith('urlencoded') ? Object.fromEntries(new URLSearchParams(String(body))) : body;

type Shown = Readonly<Record<string, { value: unknown }>>;

const exampleAnswers = (examples: readonly Example[], status: number): Shown =>
  Object.fromEntries(
    examples.flatMap((one) =>
      one.status === status ? [[one.name, { summary: one.about, value: one.answer }] as const] : [],
    ),
  );

/** A vCon is JSON under a type of its own. */
const isJson = (type: string): boolean => type.endsWith('json') || type === 'application/vcon';

/** JSON by its schema; other types are bytes or text. */
function contentOf({ schema, types }: AnswerAbout, examples: Shown, named: NamedSchemas): JsonSchema {
  const json = schema ? { schema: jsonSchemaOf(schema, 'output', named) } : null;
  const shown = Object.keys(examples).length > 0 ? { examples } : {};
  const given = types ?? (schema ? ['application/json'] : []);
  const content = given.map((type, i) => [
    type,
    { ...(json && isJson(type) ? json : { schema: { type: 'string' } }), ...(i === 0 && shown) },
  ]);
  return content.length === 0 ? {} : { content: Object.fromEntries(content) };
}
