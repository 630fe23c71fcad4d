import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the template and the bundles are made of. */
const sources = ['explorer', 'functions', 'infra', 'shared', 'cdk.json', 'package.json', 'package-lock.json'] as const;

/**
 * A text that is the same as long as the same would be made of the code, the locked packages and what is given further:
 * nothing needs to be made anew then.
 */
export function sourcesKey(root: string, further: string): string {
  const hash = createHash('sha256').update(further);
  for (const source of sources) {
    for (const path of filesUnder(root, source)) hash.update(`\0${path}\0`).update(readFileSync(join(root, path)));
  }
  return hash.digest('hex');
}

function filesUnder(root: string, path: string): string[] {
  if (path.includes('.')) return [path];
  const entries = readdirSync(join(root, path), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .sort();
}
