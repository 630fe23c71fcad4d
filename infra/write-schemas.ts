import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { connectionsJsonSchema } from '#shared/domain/read-connections.ts';
import { asyncApiFile } from '#shared/facts/env.ts';
import { asyncApiOf } from './asyncapi.ts';

const root = resolve(import.meta.dirname, '..');

/** Texts by their paths in the project: the JSON Schema of the connections file, and the AsyncAPI document of the bus. */
export function schemaTexts(): ReadonlyMap<string, string> {
  const { version } = JSON.parse(readFileSync(resolve(root, 'package.json'), 'utf8'));
  const documents = { 'connections.schema.json': connectionsJsonSchema(), [asyncApiFile]: asyncApiOf(version) };
  const texts = Object.entries(documents).map(
    ([name, document]) => [`docs/${name}`, `${JSON.stringify(document, null, 2)}\n`] as const,
  );
  return new Map(texts);
}

/** `npm run schemas` writes them; a test fails while they are stale. */
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [path, text] of schemaTexts()) {
    writeFileSync(resolve(root, path), text);
    process.stdout.write(`wrote ${path}\n`);
  }
}
