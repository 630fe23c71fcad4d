import type { Checkpoint, Owed, Window } from './checkpoint.ts';

/**
 * Which hours of the ledger are to be read when. An hour is told by its beginning; all instants here are milliseconds
 * since 1970. What is due follows from the clock, so a run that was stopped knows by the hours' rows what is left.
 */
export const hourMs = 3_600_000;

export const hourOf = (ms: number): number => Math.floor(ms / hourMs) * hourMs;
const hourFrom = (ms: number): number => Math.ceil(ms / hourMs) * hourMs;

/** An hour, and the instant from which on a reading of it settles what was due. */
export type DueHour = { hour: number; dueAt: number };

/** Hours of history that are looked at together: behind them the checkpoint is saved. */
const mostOwed = 7 * 24;

export type DuePlan = {
  /** oldest first */
  hours: DueHour[];
  /** up to where everything is settled once they are read: the next `verifiedAt` */
  until: number;
};

/**
 * The hours whose end lies in `(verifiedAt - offset, now - offset]` for one of the offsets. One that the live lane has not
 * passed yet waits; one that lies before what is watched, or that a backfill has yet to pass, is not due: what a
 * backfill has passed is owed (`owedHours`).
 */
export function dueHours(checkpoint: Checkpoint, offsetsMs: readonly number[], now: number): DuePlan {
  const { live, backfill, watchedFrom, verifiedAt } = checkpoint;
  if (watchedFrom === null || verifiedAt === null || now <= verifiedAt) return { hours: [], until: verifiedAt ?? now };
  const due = new Map<number, number>();
  let until = now;
  for (const offset of offsetsMs) {
    const last = hourOf(now - offset);
    for (let end = hourOf(verifiedAt - offset) + hourMs; end <= last; end += hourMs) {
      const hour = end - hourMs;
      if (hour < watchedFrom) continue;
      if (backfill && end > backfill.watermark && hour < backfill.until) continue;
      if (end > live.watermark) until = Math.min(until, end + offset - 1);
      else due.set(hour, Math.max(due.get(hour) ?? 0, end + offset));
    }
  }
  const hours = [...due].map(([hour, dueAt]) => ({ hour, dueAt })).sort((a, b) => a.hour - b.hour);
  return { hours, until };
}

/** The first hours of what is owed that are known whole, oldest first, as many as there are in a week; and where they end. */
export function owedHours(checkpoint: Checkpoint): { hours: DueHour[]; passed: number } | null {
  const { live, watchedFrom, owed } = checkpoint;
  const [span] = owed;
  if (!span) return null;
  const isWatched = (ms: number): boolean => watchedFrom !== null && ms >= watchedFrom;
  const passed = Math.min(span.to, hourOf(span.from) + mostOwed * hourMs);
  const hours = hoursIn({ from: span.from, to: passed }).filter((hour) => {
    const end = hour + hourMs;
    const beginsKnown = hour >= span.from || isWatched(hour);
    return beginsKnown && (end <= span.to || (isWatched(span.to) && end <= live.watermark));
  });
  return { hours: hours.map((hour) => ({ hour, dueAt: span.at })), passed };
}

/** The checkpoint with a span that a backfill has finished by now: it is watched where it adjoins, and owed a reading. */
export function withOwed(checkpoint: Checkpoint, span: Owed): Checkpoint {
  const { watchedFrom } = checkpoint;
  const adjoins = watchedFrom !== null && span.to >= watchedFrom && span.from < watchedFrom;
  return {
    ...checkpoint,
    watchedFrom: adjoins ? span.from : watchedFrom,
    owed: united([...checkpoint.owed, span]),
  };
}

/** The checkpoint once the owed spans are read up to there. */
export function withoutOwed(checkpoint: Checkpoint, passed: number): Checkpoint {
  const left = checkpoint.owed.map((span) => ({ ...span, from: Math.max(span.from, passed) }));
  return { ...checkpoint, owed: left.filter(({ from, to }) => from < to) };
}

/** The same spans, oldest first, as few as they can be. */
function united(spans: readonly Owed[]): Owed[] {
  const result: Owed[] = [];
  for (const span of spans.toSorted((a, b) => a.from - b.from)) {
    const last = result.at(-1);
    if (!last || span.from > last.to) result.push({ ...span });
    else Object.assign(last, { to: Math.max(last.to, span.to), at: Math.max(last.at, span.at) });
  }
  return result;
}

/** The first hours that follow one upon the other, at most so many: what is listed as one window. */
export function firstRun(hours: readonly number[], most: number): number[] {
  const [first = 0] = hours;
  const gap = hours.findIndex((hour, i) => hour !== first + i * hourMs);
  return hours.slice(0, Math.min(most, gap === -1 ? hours.length : gap));
}

export const windowOf = (hours: readonly number[]): Window => ({
  from: hours[0] ?? 0,
  to: (hours.at(-1) ?? 0) + hourMs,
});

/** The hours that have a part in a window. */
export function hoursIn({ from, to }: Window): number[] {
  const count = Math.max(0, (hourFrom(to) - hourOf(from)) / hourMs);
  return Array.from({ length: count }, (_, i) => hourOf(from) + i * hourMs);
}
