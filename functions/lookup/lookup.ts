import type { ConnectionsFile } from '#shared/domain/connections.ts';
import type { Store } from '#shared/storage/document-client.ts';
import type { Secrets } from '#shared/storage/secrets.ts';
import { type CountCall, callRate } from './access/call-rate.ts';
import { type Keys, openKeyRing } from './access/key-ring.ts';
import { type ReadToken, verifiedTokens } from './access/verified-tokens.ts';
import { type KnownConnections, knownConnections } from './records/known-connections.ts';
import type { ReadLog } from './records/reads.ts';

export type LookupSettings = {
  file: ConnectionsFile;
  store: Store;
  secrets: Secrets;
  /** name of the secret that tokens and cursors hang on */
  signingSecret: string;
  /** milliseconds before now where lists by `updatedAt` end: longer than an index lags and clocks differ */
  settleMs: number;
  /** since when providers have records, by provider (milliseconds since 1970); one that does not say is not there */
  recordsSince: Readonly<Record<string, number>>;
  reads: ReadLog;
  /** folder of the API's documents: beside the bundle */
  documents: URL;
  /** folder of the explorer's files: below the bundle's */
  page: URL;
  /** milliseconds since 1970 */
  now: () => number;
};

/** What the routes work with. */
export type Lookup = LookupSettings & {
  keys: Keys;
  readToken: ReadToken;
  countCall: CountCall;
  connections: KnownConnections;
};

export function openLookup(settings: LookupSettings): Lookup {
  const { file, store, secrets, signingSecret, now } = settings;
  const keys = openKeyRing(secrets, signingSecret, now);
  return {
    ...settings,
    keys,
    readToken: verifiedTokens(keys, now),
    countCall: callRate(store, now),
    connections: knownConnections(file, store, now),
  };
}
