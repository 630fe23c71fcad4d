/**
 * What refusals teach of a minute's limit, pure. Another integration may spend from the same limit, and a provider without
 * budget headers tells so by a 429 alone, which is a request in vain. So the limit is then believed to be lower, and grows
 * back until it is refused again: about one request in `requestsPerRefusal`. All that is kept is the last refusal.
 *
 * The growth is that of CUBIC (RFC 9438): slow around what was last found, fast once nothing has happened for long.
 */

/** The last window (its index since 1970) in which a request was refused, and the limit that was then believed. */
export type Refused = {
  /** ahead of the present while refusals are too erratic to learn from */
  index: number;
  /** null where the limit itself is believed */
  limit: number | null;
};

/** Five refusals in a thousand would be too many; this leaves some room for chance. */
const requestsPerRefusal = 220;
/** How far the belief moves from one refusal to the next, there and back. */
const stepShare = 1 / 25;
/** Windows after which a refusal is forgotten. */
const memory = 60;

/** How likely a refusal should be in a window of so many requests. */
const chanceOf = (requests: number): number => Math.min(0.9, requests / requestsPerRefusal);

/** The limit to believe in a window. */
export function estimatedLimit(limit: number, refused: Refused | null, index: number): number {
  if (refused === null || refused.limit === null || index - refused.index > memory) return limit;
  const expected = Math.max(0, index - refused.index - 1) * chanceOf(refused.limit);
  const grown = refused.limit * (1 + stepShare * (expected + (expected / 2) ** 3));
  return Math.min(limit, Math.max(1, Math.floor(grown)));
}

export type RefusedNow = {
  limit: number;
  index: number;
  /** what the window had granted until then */
  used: number;
  /** requests on their way that will be refused as well, this one included */
  inFlight: number;
};

/** What to remember after a refusal. */
export function afterRefusal(before: Refused | null, { limit, index, used, inFlight }: RefusedNow): Refused {
  const since = before === null ? Number.POSITIVE_INFINITY : index - before.index;
  if (before === null || Math.abs(since) > memory) return { index, limit: null };
  if (since <= 0) return before;
  // Where next to nothing was granted, it is no neighbour but an outage, or a limit of another kind.
  if (used < limit / 20) return { index, limit: before.limit };
  const lowered = (from: number): Refused => ({
    index,
    limit: Math.max(1, from * (1 - stepShare * (1 - chanceOf(used)))),
  });
  if (before.limit === null) {
    // Now and then, or rarely for so many requests: lowering the limit would cost more than it saves.
    const isWorthIt = since === 1 && used < requestsPerRefusal * inFlight;
    return isWorthIt ? lowered(used) : { index, limit: null };
  }
  const believed = estimatedLimit(limit, before, index);
  // Far below what was just learned: nothing can be learned, and a low limit only wastes what erratic neighbours leave.
  return used < believed * 0.75 ? { index: index + memory, limit: null } : lowered(believed);
}
