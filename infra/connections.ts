import { readFileSync } from 'node:fs';
import type { Connection, ConnectionsFile } from '#shared/domain/connections.ts';
import { durationMs } from '#shared/domain/duration.ts';
import { ConfigInvalid } from '#shared/domain/errors.ts';
import { parseConnections } from '#shared/domain/read-connections.ts';
import { connectors, findConnector } from '#shared/providers/registry.ts';
import { inlineSecrets } from './secret-names.ts';

/**
 * The connections file that the context names, checked. Throws ConfigInvalid with a line per fault; no line holds a
 * value of the file, since an inline secret may stand anywhere in it.
 */
export function readConnections(path: unknown, options: { oneMachine: boolean }): ConnectionsFile {
  if (typeof path !== 'string' || path === '') {
    throw new ConfigInvalid([
      'connections: expected -c connections=FILE, the connections to deploy (infra/connections.example.json shows one)',
    ]);
  }
  const file = parseConnections(readJson(path), options);
  const faults = [
    // One machine puts inline values into its Secrets Manager first, and hands a file of names to this app.
    ...inlineSecrets(file).map((place) => `${place}: expected {"secret": "name"}`),
    ...file.connections.flatMap((connection, i) =>
      connectorFaults(connection).map((fault) => `connections[${i}].${fault}`),
    ),
  ];
  if (faults.length > 0) throw new ConfigInvalid(faults);
  return file;
}

/** What only the provider's connector can tell of a connection. */
function connectorFaults(connection: Connection): string[] {
  const connector = findConnector(connection.provider);
  if (!connector) return [`provider: expected one with a connector (${known()})`];
  const { lookback, webhook } = connection;
  const widest = Math.min(...connector.streams.map(({ maxWindowMs }) => maxWindowMs));
  return [
    ...(connector.baseUrl(connection) === null ? ['baseUrl: expected an address, or a region that gives one'] : []),
    ...(connector.auth.kind === 'clientCredentials' && connector.auth.tokenUrl(connection) === null
      ? ['tokenUrl: expected an address, or an account (and region) that gives one']
      : []),
    ...(webhook?.scheme !== undefined && ![connection.provider, 'standard'].includes(webhook.scheme)
      ? [`webhook.scheme: expected "standard", or the way in which ${connector.provider} signs`]
      : []),
    ...(lookback !== undefined && durationMs(lookback) >= widest
      ? [
          `lookback: expected less than ${Math.floor(widest / 3_600_000)}h, the widest window that ${connector.provider} answers`,
        ]
      : []),
  ];
}

const known = (): string => connectors.map(({ provider }) => provider).join(', ');

/** The parser's own message would quote the file. */
function readJson(path: string): unknown {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    throw new ConfigInvalid([`connections: expected a file that can be read at ${path}`]);
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new ConfigInvalid([`connections: expected JSON in ${path}`]);
  }
}

/** The same with each connection's budget written out: the provider's where it names none. */
export const withBudgets = (file: ConnectionsFile): ConnectionsFile => ({
  ...file,
  connections: file.connections.map((connection) => ({
    ...connection,
    rateLimit: { ...findConnector(connection.provider)?.rateLimit, ...connection.rateLimit },
  })),
});

/** Since when each provider has records (milliseconds since 1970), of those that say so. */
export const recordsSince = (): Readonly<Record<string, number>> =>
  Object.fromEntries(
    connectors.flatMap(({ provider, recordsSince: since }) => (since === null ? [] : [[provider, since]])),
  );
