import * as z from 'zod';

const unitMs = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const pattern = /^(0|[1-9]\d{0,8})(ms|s|m|h|d)$/;

/** Milliseconds of a duration such as `5m`, or null where the text is not `<integer><ms|s|m|h|d>`. */
export function parseDuration(text: string): number | null {
  const match = pattern.exec(text);
  if (!match) return null;
  return Number(match[1]) * unitMs[match[2] as keyof typeof unitMs];
}

/** A duration as the connections file writes it; stays text, so that a parsed file can be written again. */
export const durationSchema = z
  .string()
  .regex(pattern, 'expected <integer><ms|s|m|h|d>, for example "5m"')
  .meta({ description: 'a length of time: <integer><ms|s|m|h|d>', examples: ['5m', '30d'] });

/** Milliseconds of a duration that its schema has already accepted. */
export function durationMs(text: string): number {
  const ms = parseDuration(text);
  if (ms === null) throw new TypeError(`not a duration: ${text}`);
  return ms;
}
