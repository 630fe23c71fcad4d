import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { type BuildOptions, buildSync } from 'esbuild';
import type { ConnectionsFile } from '#shared/domain/connections.ts';
import { connectionsFile } from '#shared/facts/env.ts';
import { keptTexts, type Texts } from './kept-texts.ts';
import { withPlainKeys } from './plain-keys.ts';
import { withVersionOnly } from './version-only.ts';
import { withoutJsonSchema } from './without-json-schema.ts';

const root = resolve(import.meta.dirname, '../..');

/** CommonJS packages inside an ES module bundle still call `require` for Node's own modules. */
const banner = `import{createRequire as createRequireOfBundle}from'node:module';const require=createRequireOfBundle(import.meta.url);`;
const callsRequire = /\brequire\b/;

/** What of the AWS SDK no function of ours needs whole, and what stands for it. */
const inPlaceOf = {
  '@aws-sdk/credential-provider-node': join(root, 'shared/runtime/lambda-credentials.ts'),
  '@aws-sdk/endpoint-cache': join(root, 'shared/runtime/no-endpoint-cache.ts'),
  '@smithy/core/event-streams': join(root, 'shared/runtime/no-event-streams.ts'),
};

/** What lies beside a function's bundle. */
export type Beside = {
  /** what stands in its connections file; none where absent */
  connections?: ConnectionsFile;
  /** further files of the project, by their paths */
  files?: readonly string[];
  /** further texts, by the paths that they have beside it */
  made?: ReadonlyMap<string, string>;
};

/**
 * The bundle of `functions/<name>/handler.ts`, its entry `index.mjs`, with the connections that the function may see,
 * copies of further files of the project (`files`, by their paths) and texts made for it (`made`, by their paths there)
 * beside it.
 * The AWS SDK is bundled too: that starts in half the time of the copy in the runtime.
 */
export function bundledCode(name: string, { connections, files = [], made = new Map() }: Beside): Code {
  const folder = join(root, 'functions', name);
  const visible = connections && `${JSON.stringify(connections, null, 2)}\n`;
  return Code.fromAsset(folder, {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      image: DockerImage.fromRegistry('never-used'),
      // The CDK keeps bundles by these options: without this two functions of one folder would share one.
      environment: {
        beside: createHash('sha256')
          .update(JSON.stringify([visible ?? '', files, [...made]]))
          .digest('hex'),
      },
      local: {
        tryBundle: (outputFolder) => {
          // Poll functions differ in their connections only.
          for (const [file, text] of bundleOf(join(folder, 'handler.ts')))
            writeFileSync(join(outputFolder, file), text);
          for (const [path, text] of made) {
            mkdirSync(dirname(join(outputFolder, path)), { recursive: true });
            writeFileSync(join(outputFolder, path), text);
          }
          for (const file of files) copyFileSync(join(root, file), join(outputFolder, basename(file)));
          if (visible) writeFileSync(join(outputFolder, connectionsFile), visible);
          return true;
        },
      },
    },
  });
}

/**
 * An entry with all that it imports as minified modules, by their file names: `index.mjs`, and chunks with what it imports
 * when it is first needed. A chunk's name holds a hash of what it holds. It is bundled twice, because much that is unused
 * comes to light only when the keys are plain.
 */
export function bundleOf(entry: string): Texts {
  return keptTexts(`bundle-${relative(root, dirname(entry)).replaceAll(sep, '-')}`, () => makeBundle(entry));
}

function makeBundle(entry: string): Texts {
  const folder = mkdtempSync(join(tmpdir(), 'earshot-bundle-'));
  try {
    for (const [file, text] of modulesOf(root, entry, { alias: inPlaceOf }))
      writeFileSync(join(folder, file), withVersionOnly(withoutJsonSchema(withPlainKeys(text))));
    const minified = modulesOf(folder, join(folder, 'index.mjs'), { minify: true, legalComments: 'none' });
    return new Map(minified.map(([file, text]) => [file, callsRequire.test(text) ? banner + text : text]));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const modulesOf = (
  folder: string,
  entry: string,
  options: Pick<BuildOptions, 'alias' | 'minify' | 'legalComments'>,
): (readonly [string, string])[] =>
  buildSync({
    entryPoints: { index: entry },
    absWorkingDir: folder,
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    chunkNames: 'chunk-[hash]',
    write: false,
    bundle: true,
    splitting: true,
    sourcemap: false,
    logLevel: 'error',
    platform: 'node',
    target: 'node24',
    format: 'esm',
    mainFields: ['module', 'main'],
    ...options,
  }).outputFiles.map(({ path, text }) => [basename(path), text] as const);
