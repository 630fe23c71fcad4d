import * as z from 'zod';

/**
 * Where a walk through a window stands: the text of a page's cursor. Stamps in it are as received, because a filter is
 * compared to the microsecond and a JavaScript Date would cut it to the millisecond.
 */

/** Rows at `value` and later; `strict` leaves those at it out. `given`: marks of the rows at `value` already given. */
const lowSchema = z.object({ value: z.string(), strict: z.boolean(), given: z.array(z.string()) });
export type Low = z.infer<typeof lowSchema>;

const positionSchema = z.discriminatedUnion('by', [
  /** keyset on the walk's first stamp; `low` null is the window's start */
  z.object({ by: z.literal('first'), low: lowSchema.nullable() }),
  /** all rows of exactly one first stamp, keyset on the second; `given`: rows of the stamp given before */
  z.object({ by: z.literal('second'), stamp: z.string(), given: z.array(z.string()), low: lowSchema.nullable() }),
  /** all rows of exactly one first and second stamp, by page number */
  z.object({
    by: z.literal('page'),
    stamp: z.string(),
    given: z.array(z.string()),
    second: z.string(),
    /** rows of both stamps given before these pages */
    tied: z.array(z.string()),
    page: z.int().positive(),
    down: z.boolean(),
  }),
]);
export type Position = z.infer<typeof positionSchema>;

const start: Position = { by: 'first', low: null };

/** The position that a cursor names. One that is not ours starts the window again, which loses nothing. */
export function readPosition(cursor: string | null): Position {
  if (cursor === null) return start;
  try {
    const parsed = positionSchema.safeParse(JSON.parse(cursor));
    return parsed.success ? parsed.data : start;
  } catch {
    return start;
  }
}

export const writePosition = (position: Position): string => JSON.stringify(position);
