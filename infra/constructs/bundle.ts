import { createHash } from 'node:crypto';
import { copyFileSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { buildSync } from 'esbuild';
import type { ConnectionsFile } from '#shared/domain/connections.ts';
import { connectionsFile } from '#shared/facts/env.ts';

const root = resolve(import.meta.dirname, '../..');

/** CommonJS packages inside an ES module bundle still call `require` for Node's own modules. */
const banner = `import{createRequire as createRequireOfBundle}from'node:module';const require=createRequireOfBundle(import.meta.url);`;

/** Bundled text by function: poll functions differ in their connections only. */
const bundles = new Map<string, Uint8Array>();

/**
 * The bundle of `functions/<name>/handler.ts` as `index.mjs`, with the connections that the function may see and copies
 * of further files of the project (`files`, by their paths) beside it.
 * The AWS SDK is bundled too: that starts in half the time of the copy in the runtime.
 */
export function bundledCode(name: string, connections?: ConnectionsFile, files: readonly string[] = []): Code {
  const folder = join(root, 'functions', name);
  const visible = connections && `${JSON.stringify(connections, null, 2)}\n`;
  return Code.fromAsset(folder, {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      image: DockerImage.fromRegistry('never-used'),
      // The CDK keeps bundles by these options: without this two functions of one folder would share one.
      environment: {
        beside: createHash('sha256')
          .update(JSON.stringify([visible ?? '', files]))
          .digest('hex'),
      },
      local: {
        tryBundle: (outputFolder) => {
          writeFileSync(join(outputFolder, 'index.mjs'), bundleOf(join(folder, 'handler.ts')));
          for (const file of files) copyFileSync(join(root, file), join(outputFolder, basename(file)));
          if (visible) writeFileSync(join(outputFolder, connectionsFile), visible);
          return true;
        },
      },
    },
  });
}

/** An entry with all that it imports as one minified module. */
export function bundleOf(entry: string): Uint8Array {
  const known = bundles.get(entry);
  if (known) return known;
  const { outputFiles } = buildSync({
    entryPoints: [entry],
    absWorkingDir: root,
    bundle: true,
    write: false,
    minify: true,
    sourcemap: false,
    legalComments: 'none',
    logLevel: 'error',
    platform: 'node',
    target: 'node24',
    format: 'esm',
    mainFields: ['module', 'main'],
    alias: { '@aws-sdk/credential-provider-node': join(root, 'shared/runtime/lambda-credentials.ts') },
    banner: { js: banner },
  });
  const [output] = outputFiles;
  if (!output) throw new Error(`esbuild made nothing of ${entry}`);
  bundles.set(entry, output.contents);
  return output.contents;
}
