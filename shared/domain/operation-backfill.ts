import * as z from 'zod';
import { laneSchema, type Window, type WindowPlan } from './checkpoint.ts';
import { instant } from './instant-schema.ts';
import { operationSchemaOf } from './operation.ts';

/** A backfill: a span of a connection's past that is read again, behind everything else that the connection has to do. */

const longestMs = 10 * 366 * 86_400_000;

/** What is kept of a request. */
export const backfillSpan = z.strictObject({
  connection: z.string('expected text').regex(/^[a-z0-9-]{1,40}$/, 'expected the id of a connection'),
  from: instant.pipe(z.iso.datetime()).meta({ description: 'beginning of the span, included' }),
  to: instant.pipe(z.iso.datetime()).meta({ description: 'end of the span, excluded; not in the future' }),
});

export const backfillRequest = backfillSpan
  .extend({
    again: z.boolean('expected true or false').optional().meta({
      description:
        'reads a span once more that is done: without it that is answered as it is. One that failed or was cancelled goes on where it was in any case',
    }),
  })
  .refine(({ from, to }) => from < to, { path: ['to'], message: 'expected an instant behind from' })
  .refine(({ from, to }) => Date.parse(to) - Date.parse(from) <= longestMs, {
    path: ['from'],
    message: 'expected a span of at most ten years',
  });

/** What was read: conversations by what became of them, those that were listed twice counted twice. */
export const backfillResult = z.object({
  discovered: z.int().nonnegative(),
  updated: z.int().nonnegative(),
  unchanged: z.int().nonnegative(),
  quarantined: z.int().nonnegative(),
});

/** A backfill as the lookup API shows it. */
export const backfillSchema = operationSchemaOf('backfills', backfillSpan, backfillResult);

/** Where a backfill was left, and what was spent on it. */
export const backfillPlaceSchema = z.object({
  /** the stream that is being read; those before it are done */
  stream: z.string(),
  lane: laneSchema,
  /** cost of its requests, in the units of the budget, and time of its runs (milliseconds) */
  cost: z.number(),
  activeMs: z.number(),
  /** runs in a row that ended in the middle of the next page */
  tries: z.int().nonnegative(),
  read: backfillResult,
});
export type BackfillPlace = z.infer<typeof backfillPlaceSchema>;

export const firstPlace = (stream: string, { from }: Window): BackfillPlace => ({
  ...{ stream, lane: { watermark: from, resume: null }, cost: 0, activeMs: 0, tries: 0 },
  read: { discovered: 0, updated: 0, unchanged: 0, quarantined: 0 },
});

/** Windows that a span is cut into: each costs a request, and is what progress is counted by. */
const mostWindows = 100;
const leastWindowMs = 3_600_000;

/** Nothing of the past comes late, so windows need not overlap. */
export const backfillPlan = ({ from, to }: Window, { maxWindowMs }: Pick<WindowPlan, 'maxWindowMs'>): WindowPlan => ({
  lookbackMs: 0,
  maxWindowMs: Math.min(maxWindowMs, Math.max(leastWindowMs, Math.ceil((to - from) / mostWindows))),
});

/** How far a backfill has come, in seconds of its span, of each of the connector's streams. */
export function backfillProgress(
  { from, to }: Window,
  { stream, lane }: Pick<BackfillPlace, 'stream' | 'lane'>,
  streams: readonly string[],
): { done: number; total: number } {
  const seconds = Math.ceil((to - from) / 1_000);
  const passed = Math.floor((Math.min(lane.watermark, to) - from) / 1_000);
  return { done: streams.indexOf(stream) * seconds + passed, total: streams.length * seconds };
}

/**
 * Seconds until the rest is read, if it is like what was read: what the budget allows by itself, and no faster than it
 * went so far. Null while nothing was read. `perSecond` is what the budget gives back, Infinity where there is none.
 */
export function backfillEstimate(
  { done, total }: Readonly<{ done: number; total: number }>,
  { cost, activeMs }: Pick<BackfillPlace, 'cost' | 'activeMs'>,
  perSecond: number,
): number | null {
  if (done === 0) return null;
  const spent = Math.max(cost / perSecond, activeMs / 1_000);
  return Math.ceil((spent * (total - done)) / done);
}
