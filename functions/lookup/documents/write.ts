import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openApiFile, pageFile } from '#shared/facts/env.ts';
import { describeApi } from './describe-api.ts';
import type { Example } from './examples.ts';
import { pageOf } from './page.ts';
import { pageStyle } from './page-style.ts';

const root = resolve(import.meta.dirname, '../../..');
const examplesFolder = resolve(root, 'docs/examples');

/** The texts of the API's documents by their paths in the project: made from the routes and from the examples' files. */
export function documentTexts(): ReadonlyMap<string, string> {
  const examples = readdirSync(examplesFolder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name): Example => JSON.parse(readFileSync(resolve(examplesFolder, name), 'utf8')));
  const { version } = JSON.parse(readFileSync(resolve(root, 'package.json'), 'utf8'));
  const document = describeApi(examples, version);
  return new Map([
    [`docs/${openApiFile}`, `${JSON.stringify(document, null, 2)}\n`],
    [`docs/${pageFile}`, pageOf(document, pageStyle)],
  ]);
}

/** `npm run schemas` writes them; a test fails while they are stale. */
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [path, text] of documentTexts()) {
    writeFileSync(resolve(root, path), text);
    process.stdout.write(`wrote ${path}\n`);
  }
}
