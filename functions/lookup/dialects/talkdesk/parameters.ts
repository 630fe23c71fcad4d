import * as z from 'zod';
import { badParameters } from '../../http/problem.ts';
import { instantParameter } from '../instant-parameter.ts';

/** What the addresses take behind the `?`. Like Talkdesk, they leave unknown parameters out of account. */

export const interactionsQuery = z.object({
  interaction_started: instantParameter
    .optional()
    .meta({ description: 'begin of the interval; seven days before its end where it is missing' }),
  interaction_ended: instantParameter.optional().meta({ description: 'end of the interval; now where it is missing' }),
  cursor: z
    .string()
    .max(1_000, 'expected the cursor of the next link')
    .optional()
    .meta({ description: 'of the next link, with the interval or without' }),
});
export type InteractionsQuery = z.output<typeof interactionsQuery>;

/** Milliseconds since 1970, both ends included. */
export type Interval = { from: number; to: number };

const widestMs = 7 * 86_400_000;

/** Throws a 400 where the interval runs backwards or is wider than seven days (docs.talkdesk.com/docs/conversations-api). */
export function intervalOf({ interaction_started, interaction_ended }: InteractionsQuery, now: number): Interval {
  const to = interaction_ended ?? now;
  const from = interaction_started ?? to - widestMs;
  const name = interaction_ended === undefined ? 'interaction_started' : 'interaction_ended';
  if (to < from) throw badParameters([{ name, description: 'expected an end that is not before the start' }]);
  if (to - from > widestMs) throw badParameters([{ name, description: 'expected an interval of at most seven days' }]);
  return { from, to };
}

export const noQuery = z.object({});
