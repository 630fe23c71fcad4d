import type { ConnectionsFile } from '#shared/domain/connections.ts';
import type { Store } from '#shared/storage/document-client.ts';
import type { Secrets } from '#shared/storage/secrets.ts';
import { deriveKeys, type KeyRing } from './access/keys.ts';
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
  reads: ReadLog;
  /** milliseconds since 1970 */
  now: () => number;
};

/** What the routes work with. */
export type Lookup = LookupSettings & { keys: () => Promise<KeyRing>; connections: KnownConnections };

export function openLookup(settings: LookupSettings): Lookup {
  const { file, store, secrets, signingSecret, now } = settings;
  let derived: { from: string; keys: KeyRing } | null = null;
  const keys = async (): Promise<KeyRing> => {
    const secret = await secrets.read(signingSecret);
    if (derived?.from !== secret) {
      const current = deriveKeys(secret);
      derived = { from: secret, keys: { current, all: [current] } };
    }
    return derived.keys;
  };
  return { ...settings, keys, connections: knownConnections(file, store, now) };
}
