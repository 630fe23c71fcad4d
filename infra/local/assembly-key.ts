import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the template and the bundles are made of. */
const sources = ['explorer', 'functions', 'infra', 'shared', 'cdk.json', 'package.json', 'package-lock.json'] as const;

/**
 * A text that is the same as long as a synthesis would give the same: of the code, the locked packages and the
 * connections. A restart on the same data need not make the template again.
 */
export function assemblyKey(root: string, connections: string): string {
  const hash = createHash('sha256').update(connections);
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
