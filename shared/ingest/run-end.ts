import { AppError, LeaseLost, RateLimited } from '#shared/domain/errors.ts';
import type { RunEnd, StreamState } from '#shared/storage/streams.ts';

/** Why a run ended: nothing left to read, its time, the budget, another runner, a fault, or a rest after refused credentials. */
export type Stopped = 'done' | 'resting' | 'timeUp' | 'rateLimited' | 'leaseHeld' | 'leaseLost' | 'failed';

/** Longest rest after refused credentials, and the first one, which doubles with each refusal (milliseconds). */
const longestRestMs = 60_000;
const firstRestMs = 5_000;

/** Refused credentials need a person: until then the provider is asked now and then, however short `every` is. */
export function isResting({ lastError, failures }: StreamState, now: number): boolean {
  if (lastError?.code !== 'CredentialsRejected') return false;
  return now < lastError.at + Math.min(longestRestMs, firstRestMs * 2 ** (failures - 1));
}

/** What a run's end means for the stream's health; null where nothing may be written any more. */
export function howItEnded(
  error: unknown,
  at: number,
  failures: number,
): { stopped: Stopped | null; end: RunEnd | null } {
  if (error === null) return { stopped: null, end: { lastSuccessAt: at } };
  if (error instanceof LeaseLost) return { stopped: 'leaseLost', end: null };
  // Being told to wait is no failure of the connection: what was read is safe, the rest comes after the reset.
  if (error instanceof RateLimited) return { stopped: 'rateLimited', end: { lastSuccessAt: at } };
  const code = error instanceof AppError ? error.code : 'Unexpected';
  return { stopped: 'failed', end: { lastError: { code, at }, failures: failures + 1 } };
}
