const imfDate = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;
const seconds = /^\d{1,12}(\.\d{1,6})?$/;

/** Milliseconds since 1970 of an HTTP date (RFC 9110 5.6.7, to the second), or null where the text is not one. */
export function parseHttpDate(text: string | undefined): number | null {
  if (text === undefined || !imfDate.test(text)) return null;
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? null : ms;
}

/**
 * Milliseconds that a `Retry-After` asks to wait, or null where there is none that can be read. A date counts from
 * `servedAt`, the same clock that wrote it.
 */
export function parseRetryAfter(text: string | undefined, servedAt: number): number | null {
  if (text === undefined) return null;
  if (seconds.test(text.trim())) return Number(text) * 1_000;
  const until = parseHttpDate(text.trim());
  return until === null ? null : Math.max(0, until - servedAt);
}

const longestMs = 3_600_000;
const shortestMs = 1_000;

/**
 * How long to leave a provider alone after a 429: what it asks, between a second and an hour; where it does not say,
 * till its next clock minute, when budgets per minute begin anew.
 */
export function rateLimitPauseMs(retryAfter: string | undefined, servedAt: number): number {
  const asked = parseRetryAfter(retryAfter, servedAt) ?? 60_000 - (servedAt % 60_000);
  return Math.min(longestMs, Math.max(shortestMs, asked));
}
