import * as z from 'zod';

/** Where a walk through a window stands: the text of a page's cursor. Names in `Ms` are milliseconds since 1970. */
const positionSchema = z.discriminatedUnion('by', [
  /**
   * All rows up to `to`, newest first. This page must get below `belowMs`, else more than a page of calls stand there.
   * `given`: marks of the rows up to `to` that were given before.
   */
  z.object({ by: z.literal('edge'), to: z.string(), belowMs: z.number(), given: z.array(z.string()) }),
  /** All rows of one narrow span, both ends included, by offset. */
  z.object({
    by: z.literal('tie'),
    fromMs: z.number(),
    toMs: z.number(),
    offset: z.int().nonnegative(),
    /** rows of the span, as the list says; null before its first page or where it does not say */
    total: z.int().nonnegative().nullable(),
    /** how often the span is gone through */
    pass: z.int().positive(),
    /** marks of the rows seen since that number stands */
    seen: z.array(z.string()),
  }),
]);
export type Position = z.infer<typeof positionSchema>;

/**
 * The position that a cursor names, null at the window's end. One that is not ours begins the window again, which loses
 * nothing.
 */
export function readPosition(cursor: string | null): Position | null {
  if (cursor === null) return null;
  try {
    const parsed = positionSchema.safeParse(JSON.parse(cursor));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

export const writePosition = (position: Position): string => JSON.stringify(position);
