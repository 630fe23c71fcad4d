import { readFileSync } from 'node:fs';
import type { ConnectionsFile } from '#shared/domain/connections.ts';
import { ConfigInvalid } from '#shared/domain/errors.ts';
import { parseConnections } from '#shared/domain/read-connections.ts';

/** The file of `--connections`, checked. Throws ConfigInvalid; no line of it quotes the file, which holds secrets. */
export function readConnectionsFile(path: string): ConnectionsFile {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    throw new ConfigInvalid([`--connections: expected a file that can be read at ${path}`]);
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new ConfigInvalid([`--connections: expected JSON in ${path}`]);
  }
  return parseConnections(json, { oneMachine: true });
}
