import { estimatedLimit, type Refused } from './budget-estimate.ts';
import { type BudgetLane, ceilingOf, leftWhenFree } from './budget-share.ts';

/**
 * The arithmetic of a rate budget, pure. A provider counts by its own clock minute and hour, so ours are aligned alike;
 * `now` is always the provider's clock as far as it is known (milliseconds since 1970).
 */

/** Requests, or cost points where the provider prices its requests. */
export type RateLimits = { perMinute?: number | undefined; perHour?: number | undefined };

export const spanMs = { minute: 60_000, hour: 3_600_000 } as const;
export type SpanName = keyof typeof spanMs;
export const spanNames: readonly SpanName[] = ['minute', 'hour'];

/** Windows are numbered since 1970. */
export const indexOf = (span: SpanName, now: number): number => Math.floor(now / spanMs[span]);

/** `index` numbers the window; `used` counts what was granted in this one, spent or not. */
export type SpanState = { index: number; used: number };

/** What the table knows of a group's budget. */
export type BudgetState = {
  minute: SpanState | null;
  hour: SpanState | null;
  /** nobody asks before; 0 where nothing is blocked */
  blockedUntil: number;
  /** what a 429 taught of the minute's limit; null before the first */
  refused: Refused | null;
};

/** What the provider's headers made known of the current windows: at least this much is used. */
export type LeastUsed = Readonly<Partial<Record<SpanName, SpanState>>>;

export type Claim = {
  limits: RateLimits;
  lane: BudgetLane;
  /** fewest tokens of use to the caller */
  need: number;
  /** most tokens it would take */
  want: number;
  least: LeastUsed;
};

/** How one window is to be counted up. */
export type SpanPlan = {
  span: SpanName;
  index: number;
  /** `begin` replaces an older window, `add` counts up, `raise` counts up from what the provider said */
  how: 'begin' | 'add' | 'raise';
  used: number;
  ceiling: number;
};
export type Plan = { granted: number; spans: readonly SpanPlan[] } | { waitMs: number };

/** A block lies at most an hour ahead (the longest pause after a 429); one further off comes from a wrong clock. */
export const longestBlockMs = spanMs.hour + spanMs.minute;

export const limitOf = (limits: RateLimits, span: SpanName): number | undefined =>
  span === 'minute' ? limits.perMinute : limits.perHour;

/** The limit to believe in a window: what refusals taught, where that is less than what was agreed. */
export function limitIn(
  limits: RateLimits,
  refused: BudgetState['refused'],
  span: SpanName,
  index: number,
): number | undefined {
  const limit = limitOf(limits, span);
  return span === 'minute' && limit !== undefined ? estimatedLimit(limit, refused, index) : limit;
}

/** What a second gives back where the scarcest window is always spent (tokens); Infinity where nothing is limited. */
export const refillPerSecond = (limits: RateLimits): number =>
  Math.min(...spanNames.map((span) => ((limitOf(limits, span) ?? Number.POSITIVE_INFINITY) * 1_000) / spanMs[span]));

/** The most that one request may be charged: a dearer one takes a whole window instead of waiting for ever. */
export const largestNeed = (limits: RateLimits): number =>
  Math.min(...spanNames.map((span) => limitOf(limits, span) ?? Number.POSITIVE_INFINITY));

/**
 * The window that counts now: ours, or the next where another runner's clock is a little ahead, so that counting never
 * goes back. A window further ahead comes from a wrong clock and is begun anew, or it would block everybody till then.
 */
function currentSpan(kept: SpanState | null, span: SpanName, now: number): SpanState & { kept: boolean } {
  const index = indexOf(span, now);
  const isCurrent = kept !== null && (kept.index === index || kept.index === index + 1);
  return isCurrent ? { ...kept, kept: true } : { index, used: 0, kept: false };
}

export const isBlocked = ({ blockedUntil }: Pick<BudgetState, 'blockedUntil'>, now: number): boolean =>
  blockedUntil > now && blockedUntil <= now + longestBlockMs;

/**
 * How many tokens may be taken and what the table must then say, or how long to wait: till the window's end, or till a
 * step of what is kept back for the lanes above is released. `need` is at most `largestNeed`.
 */
export function planClaim(state: BudgetState, claim: Claim, now: number): Plan {
  if (isBlocked(state, now)) return { waitMs: state.blockedUntil - now };
  const spans: SpanPlan[] = [];
  let granted = claim.want;
  let waitMs = 0;
  for (const span of spanNames) {
    const { index, used: stored, kept } = currentSpan(state[span], span, now);
    const limit = limitIn(claim.limits, state.refused, span, index);
    if (limit === undefined) continue;
    const least = claim.least[span]?.index === index ? (claim.least[span]?.used ?? 0) : 0;
    const used = Math.max(stored, least);
    const share = { limit, spanMs: spanMs[span], lane: claim.lane, need: Math.min(claim.need, limit) };
    const leftMs = (index + 1) * spanMs[span] - now;
    const ceiling = ceilingOf(share, leftMs);
    if (used + share.need > ceiling) waitMs = Math.max(waitMs, leftMs - leftWhenFree(share, used));
    granted = Math.min(granted, ceiling - used);
    spans.push({ span, index, how: kept ? (least > stored ? 'raise' : 'add') : 'begin', used, ceiling });
  }
  return waitMs > 0 ? { waitMs } : { granted, spans };
}

/** What is left for the live lane and when it is full again (milliseconds since 1970), of the scarcest window. */
export function remainingOf(
  state: BudgetState,
  limits: RateLimits,
  now: number,
): { remaining: number; resetsAt: number } | null {
  if (isBlocked(state, now)) return { remaining: 0, resetsAt: state.blockedUntil };
  let scarcest: { remaining: number; resetsAt: number } | null = null;
  for (const span of spanNames) {
    const { index, used } = currentSpan(state[span], span, now);
    const limit = limitIn(limits, state.refused, span, index);
    if (limit === undefined) continue;
    const remaining = Math.max(0, limit - used);
    if (!scarcest || remaining < scarcest.remaining) scarcest = { remaining, resetsAt: (index + 1) * spanMs[span] };
  }
  return scarcest;
}
