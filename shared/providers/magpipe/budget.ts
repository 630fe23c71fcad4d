import type { BudgetReport, Headers } from '../connector.ts';

/** Requests for a user (docs.magpipe.ai/api-reference/introduction). The hour binds first. */
export const rateLimit = { perMinute: 100, perHour: 1_000 } as const;

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

function count(header: string | undefined): number | undefined {
  return header !== undefined && /^\d{1,12}$/.test(header.trim()) ? Number(header) : undefined;
}

/** How far the reset lies ahead by the provider's clock, or NaN. It is documented as a number like Unix seconds. */
const resetIn = (headers: Headers): number =>
  (count(headers['x-ratelimit-reset']) ?? Number.NaN) * 1_000 - Date.parse(headers['date'] ?? '');

/** Which of the two limits the headers speak of is not documented: the limit tells, else the reset. */
function spanOf(headers: Headers): 'remainingMinute' | 'remainingHour' | null {
  const limit = count(headers['x-ratelimit-limit']);
  if (limit === rateLimit.perMinute) return 'remainingMinute';
  if (limit === rateLimit.perHour) return 'remainingHour';
  const ahead = resetIn(headers);
  if (!(ahead > 0 && ahead <= hourMs)) return null;
  return ahead <= minuteMs ? 'remainingMinute' : 'remainingHour';
}

/** What is left of this minute or hour; headers may be absent, then nothing is known. */
export function readBudget(headers: Headers): BudgetReport {
  const remaining = count(headers['x-ratelimit-remaining']);
  const span = spanOf(headers);
  return remaining === undefined || span === null ? {} : { [span]: remaining };
}
