import { isMissing, type Secrets } from '#shared/storage/secrets.ts';
import { deriveKeys, type KeyRing } from './keys.ts';

/** How long a ring is used before the secret is read again. */
const lifeMs = 5 * 60_000;
/** Least time between two readings for keys that we do not know: whoever invents their names must not make us ask. */
const askAgainMs = 30_000;

/**
 * The keys that hold now. `wanted` is the id of a key that something was signed with: one that is not known may be of a
 * rotation that another instance saw first, so the secret is read again, at most every 30 s.
 */
export type Keys = (wanted?: string) => Promise<KeyRing>;

/** The ring of the signing secret's current and previous value, in memory for at most five minutes. */
export function openKeyRing(secrets: Secrets, name: string, now: () => number): Keys {
  let kept: { ring: KeyRing; until: number } | null = null;
  let reading: Promise<KeyRing> | null = null;
  let askAgainAt = 0;

  const read = async (): Promise<KeyRing> => {
    const until = now() + lifeMs;
    try {
      const ring = await readRing(secrets, name);
      kept = { ring, until };
      return ring;
    } finally {
      reading = null;
    }
  };
  const readOnce = (): Promise<KeyRing> => {
    reading ??= read();
    return reading;
  };

  return async (wanted) => {
    const ring = kept && now() < kept.until ? kept.ring : await readOnce();
    if (wanted === undefined || ring.all.some(({ id }) => id === wanted)) return ring;
    if (now() < askAgainAt) return reading ?? ring;
    askAgainAt = now() + askAgainMs;
    return readOnce();
  };
}

async function readRing(secrets: Secrets, name: string): Promise<KeyRing> {
  const [secret, before] = await Promise.all([
    secrets.read(name, { fresh: true }),
    secrets.read(name, { fresh: true, stage: 'previous' }).catch(nullIfMissing),
  ]);
  const current = deriveKeys(secret);
  // Before the first rotation there is no other; read in the midst of one, both may be the same.
  const previous = before === null || before === secret ? [] : [deriveKeys(before)];
  return { current, all: [current, ...previous] };
}

function nullIfMissing(error: unknown): null {
  if (isMissing(error)) return null;
  throw error;
}
