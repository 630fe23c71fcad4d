import * as z from 'zod';

/**
 * Where a walk through a window stands. The other Earshot's cursor is exact, but it lives a day and hangs on a key that may
 * be rotated twice meanwhile; the stamp of the last row is good for ever and costs a few rows read again.
 */
const positionSchema = z.object({ cursor: z.string(), since: z.string() });
export type Position = z.infer<typeof positionSchema>;

/** The position that a cursor of ours names, null at the window's start and for text that is not ours. */
export function readPosition(text: string | null): Position | null {
  if (text === null) return null;
  try {
    return positionSchema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

export const writePosition = (position: Position): string => JSON.stringify(position);
