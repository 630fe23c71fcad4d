import { readFileSync } from 'node:fs';
import { type ConnectionsFile, connectionsFileSchema } from '#shared/domain/connections.ts';
import { connectionsFile } from '#shared/facts/env.ts';

let loaded: ConnectionsFile | undefined;

/** The connections that this function may see: the file beside its bundle, written by the stacks, secrets by name only. */
export function loadConnections(): ConnectionsFile {
  if (loaded) return loaded;
  const file: unknown = JSON.parse(readFileSync(new URL(connectionsFile, import.meta.url), 'utf8'));
  // Read once: to compile a parser for it takes several times as long as to parse.
  loaded = connectionsFileSchema.parse(file, { jitless: true });
  return loaded;
}
