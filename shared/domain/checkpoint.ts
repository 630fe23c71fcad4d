import * as z from 'zod';

/** All instants here are milliseconds since 1970 by the provider's clock. A window is half-open: `[from, to)`. */
export const windowSchema = z.object({ from: z.number(), to: z.number() });
export type Window = z.infer<typeof windowSchema>;

/** The middle of a window: where a run that was stopped goes on. */
export const resumeSchema = z.object({
  from: z.number(),
  to: z.number(),
  /** the provider's opaque page token, null before the first page */
  cursor: z.string().nullable(),
  /** pages of this window that are safe: bounds a page chain without end */
  pages: z.int().nonnegative(),
  /** the provider's clock at the window's first answer; null before it */
  servedAt: z.number().nullable(),
});
export type Resume = z.infer<typeof resumeSchema>;

/** What one lane keeps between runs. All before `watermark` is stored or quarantined. */
export const laneSchema = z.object({ watermark: z.number(), resume: resumeSchema.nullable() });
export type Lane = z.infer<typeof laneSchema>;

/** A span of history that was read until `at`, by our clock, and is to be verified once. */
const owedSchema = z.object({ ...windowSchema.shape, at: z.number() });
export type Owed = z.infer<typeof owedSchema>;

/**
 * The live lane moves on freely; the backfill lane ends at `until`; `dueAt` is how far the due lane has asked.
 * `unaskedSince` is set while there may be records, first seen since then, whose details could not be asked for. The last
 * three are the ledger's (shared/domain/ledger.ts): all since `watchedFrom` is read by one lane or another; up to
 * `verifiedAt`, by our clock, every reading that was due is done; `owed` are spans of history that are to be read once.
 */
export const checkpointSchema = z.object({
  live: laneSchema,
  backfill: z.object({ ...laneSchema.shape, until: z.number() }).nullable(),
  dueAt: z.number(),
  unaskedSince: z.number().nullable().default(null),
  watchedFrom: z.number().nullable().default(null),
  verifiedAt: z.number().nullable().default(null),
  owed: z.array(owedSchema).default([]),
});
export type Checkpoint = z.infer<typeof checkpointSchema>;

/** How a stream's windows are cut. `lookbackMs < maxWindowMs`, else the watermark would stand still for ever. */
export type WindowPlan = { lookbackMs: number; maxWindowMs: number };

/**
 * The first checkpoint: live begins with the lookback before now, so that today's calls never wait for history; the
 * backfill lane covers what lies before.
 */
export function firstCheckpoint(now: number, backfillMs: number, plan: WindowPlan): Checkpoint {
  const from = now - plan.lookbackMs;
  const history = backfillMs > plan.lookbackMs;
  return {
    live: { watermark: from, resume: { from, to: now, cursor: null, pages: 0, servedAt: null } },
    backfill: history ? { watermark: now - backfillMs + plan.lookbackMs, resume: null, until: now } : null,
    dueAt: now,
    unaskedSince: null,
    watchedFrom: history ? now - backfillMs : from,
    verifiedAt: now,
    owed: [],
  };
}

/** A checkpoint from before there was a ledger: its books begin with what is read from now on. */
export const withLedger = (checkpoint: Checkpoint, now: number): Checkpoint => ({
  ...checkpoint,
  watchedFrom: checkpoint.watchedFrom ?? (checkpoint.backfill ?? checkpoint.live).watermark,
  verifiedAt: checkpoint.verifiedAt ?? now,
});

/**
 * The window to read next, oldest first, or null where there is nothing to do. Each window begins a lookback before the
 * watermark: records that came late, or that straddle an edge, are read again, which is free when they are unchanged.
 */
export function nextWindow(lane: Lane, limit: number, plan: WindowPlan): Resume | null {
  if (lane.resume) return lane.resume;
  const from = lane.watermark - plan.lookbackMs;
  const to = Math.min(limit, from + plan.maxWindowMs);
  if (to <= lane.watermark) return null;
  return { from, to, cursor: null, pages: 0, servedAt: null };
}

/**
 * The lane after a page: in the middle of its window, or at rest behind it. The watermark never passes the provider's
 * clock at the window's first answer: what changed while the window was walked, or lies in our future, comes next.
 */
export function afterPage(lane: Lane, resume: Resume, page: { next: string | null; servedAt: number }): Lane {
  const servedAt = resume.servedAt ?? page.servedAt;
  if (page.next !== null) {
    return { ...lane, resume: { ...resume, cursor: page.next, pages: resume.pages + 1, servedAt } };
  }
  return { ...lane, watermark: Math.min(resume.to, servedAt), resume: null };
}
