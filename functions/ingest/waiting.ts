import type { InboxJob } from '#shared/domain/delivery.ts';
import {
  CredentialsRejected,
  PermissionMissing,
  ProviderUnavailable,
  RateLimited,
  ResponseInvalid,
} from '#shared/domain/errors.ts';

/** Longest delay of a message (seconds); who has longer to wait is sent away again. */
const longestDelay = 900;

const day = 86_400_000;

/** How long a delivery waits for its provider or for a person (milliseconds). An unsigned one is not worth a dead letter. */
const patienceMs = { signed: 14 * day, unsigned: day };

/** Seconds till a delivery is tried again that has waited so many times: 5, 10, 20 and so on. */
export const waitSeconds = (waits: number): number => Math.min(longestDelay, 5 * 2 ** Math.min(waits, 20));

/** Seconds till the provider is asked again for what it did not have yet; none where it was asked often enough. */
export const earlySeconds = (waits: number): number | undefined => [5, 20][waits];

/** Whether a delivery has waited for as long as it may. */
export const isTooOld = ({ receivedAt, isSigned }: InboxJob, now: number): boolean =>
  now - receivedAt > (isSigned ? patienceMs.signed : patienceMs.unsigned);

/**
 * After how many seconds it is worth to try again, or null where waiting does not help. An answer that is none comes of a
 * provider in trouble as often as of one that has changed. Those that wait for the budget together spread out (`random` is
 * at least 0, less than 1), or each reset would meet all of them and serve few.
 */
export function waitAfter(error: unknown, waits: number, random: number): { code: string; seconds: number } | null {
  if (error instanceof RateLimited) {
    const least = Math.min(longestDelay, Math.max(1, Math.ceil(error.retryAfterMs / 1_000)));
    const most = Math.max(least, waitSeconds(waits));
    return { code: error.code, seconds: least + Math.floor(random * (most - least + 1)) };
  }
  const mayPass =
    error instanceof ProviderUnavailable ||
    error instanceof CredentialsRejected ||
    error instanceof PermissionMissing ||
    error instanceof ResponseInvalid;
  return mayPass ? { code: error.code, seconds: waitSeconds(waits) } : null;
}
