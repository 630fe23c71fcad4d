import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Checkpoint, checkpointSchema, firstCheckpoint, withLedger } from '#shared/domain/checkpoint.ts';
import {
  dueHours,
  firstRun,
  hourMs,
  hourOf,
  hoursIn,
  owedHours,
  windowOf,
  withOwed,
  withoutOwed,
} from '#shared/domain/ledger.ts';
import { epoch } from '#test/support/records.ts';

const hour = (n: number): number => hourOf(epoch) + n * hourMs;

/** A checkpoint whose live lane is far ahead, unless told otherwise. */
const checkpointWith = (more: Partial<Checkpoint>): Checkpoint => ({
  live: { watermark: hour(1_000), resume: null },
  ...{ backfill: null, dueAt: epoch, unaskedSince: null, watchedFrom: hour(-1_000), verifiedAt: hour(0), owed: [] },
  ...more,
});

const offsets = fc
  .uniqueArray(fc.integer({ min: 0, max: 200 * 3_600 }), { minLength: 1, maxLength: 4 })
  .map((seconds) => seconds.map((each) => each * 1_000));

describe('the hours that are due', () => {
  it('are each due once at each offset, however often and whenever it is asked', () => {
    const steps = fc.array(fc.integer({ min: 1, max: 40 * 3_600_000 }), { minLength: 1, maxLength: 12 });
    void fc.assert(
      fc.property(offsets, steps, (offsetsMs, lengths) => {
        const asked = new Map<number, number[]>();
        let now = hour(0);
        let checkpoint = checkpointWith({});
        for (const length of lengths) {
          now += length;
          const { hours, until } = dueHours(checkpoint, offsetsMs, now);
          for (const one of hours) asked.set(one.hour, [...(asked.get(one.hour) ?? []), now]);
          expect(until).toBe(now);
          checkpoint = { ...checkpoint, verifiedAt: until };
        }
        for (let n = -300; hour(n + 1) <= now; n++) {
          const dueAts = offsetsMs.map((offset) => hour(n + 1) + offset).filter((at) => at > hour(0) && at <= now);
          const readings = asked.get(hour(n)) ?? [];
          // One reading settles all that was due by then.
          const isSettled = dueAts.every((at) => readings.some((reading) => reading >= at));
          if (!isSettled || readings.length > dueAts.length) expect.fail(`hour ${n}: ${dueAts} read at ${readings}`);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('wait for the live lane and lose none by it', () => {
    const lagging = checkpointWith({ live: { watermark: hour(1) - 1, resume: null } });
    const { hours, until } = dueHours(lagging, [60_000], hour(3));
    expect(hours).toEqual([{ hour: hour(-1), dueAt: hour(0) + 60_000 }]);
    const caughtUp = checkpointWith({ verifiedAt: until });
    expect(dueHours(caughtUp, [60_000], hour(3)).hours.map((one) => one.hour)).toEqual([hour(0), hour(1)]);
  });

  it('are none of before what is watched, and none that a backfill has yet to pass', () => {
    const week = 7 * 24 * hourMs;
    const young = checkpointWith({ watchedFrom: hour(-168) + 1 });
    expect(dueHours(young, [week], hour(2)).hours.map((one) => one.hour)).toEqual([hour(-167)]);
    const filling = checkpointWith({ backfill: { watermark: hour(-1), until: hour(2) + 1, resume: null } });
    expect(dueHours(filling, [0], hour(4)).hours.map((one) => one.hour)).toEqual([hour(3)]);
  });

  it('are none while the clock stands behind what was verified', () => {
    expect(dueHours(checkpointWith({}), [0], hour(-5))).toEqual({ hours: [], until: hour(0) });
  });
});

describe('owed spans', () => {
  const spans = fc.array(
    fc.tuple(fc.integer({ min: -500, max: 500 }), fc.integer({ min: 1, max: 300 })).map(([from, length]) => ({
      from: hour(0) + from * 1_000_000,
      to: hour(0) + (from + length) * 1_000_000,
      at: epoch + length,
    })),
    { minLength: 1, maxLength: 6 },
  );

  it('keep every instant that was added, in spans apart from each other, until it is passed', () => {
    void fc.assert(
      fc.property(spans, fc.integer({ min: -500, max: 800 }), (added, passedTo) => {
        const passed = hour(0) + passedTo * 1_000_000;
        const { owed } = withoutOwed(
          added.reduce((checkpoint, span) => withOwed(checkpoint, span), checkpointWith({})),
          passed,
        );
        for (const [i, span] of owed.entries()) expect(span.from).toBeGreaterThan(owed[i - 1]?.to ?? 0);
        for (const instant of added.flatMap(({ from, to }) => [from, to - 1])) {
          const isOwed = owed.some(({ from, to }) => instant >= from && instant < to);
          expect(isOwed).toBe(instant >= passed);
        }
      }),
    );
  });

  it('hold whole hours: what lies beside them counts where it is watched', () => {
    const span = { from: hour(-10) + 1, to: hour(-7) + 1, at: epoch };
    const hours = (watchedFrom: number) =>
      owedHours(checkpointWith({ watchedFrom, owed: [span] }))?.hours.map((one) => one.hour);
    expect(hours(hour(0))).toEqual([hour(-9), hour(-8)]);
    expect(hours(hour(-7))).toEqual([hour(-9), hour(-8), hour(-7)]);
    expect(hours(hour(-20))).toEqual([hour(-10), hour(-9), hour(-8), hour(-7)]);
  });

  it('are looked at in weeks, each hour once, until nothing is owed', () => {
    let checkpoint = withOwed(checkpointWith({}), { from: hour(-400) + 7, to: hour(-3), at: epoch });
    const seen: number[] = [];
    for (let owed = owedHours(checkpoint); owed; owed = owedHours(checkpoint)) {
      expect(owed.hours.length).toBeLessThanOrEqual(168);
      for (const { hour: one, dueAt } of owed.hours) {
        seen.push(one);
        expect(dueAt).toBe(epoch);
      }
      checkpoint = withoutOwed(checkpoint, owed.passed);
    }
    expect(seen).toEqual(Array.from({ length: 397 }, (_, i) => hour(i - 400)));
    expect(checkpoint.owed).toEqual([]);
  });

  it('widen what is watched where they adjoin it', () => {
    const watched = checkpointWith({ watchedFrom: hour(0) });
    expect(withOwed(watched, { from: hour(-5), to: hour(0), at: epoch }).watchedFrom).toBe(hour(-5));
    expect(withOwed(watched, { from: hour(-5), to: hour(-1), at: epoch }).watchedFrom).toBe(hour(0));
    expect(withOwed(watched, { from: hour(1), to: hour(2), at: epoch }).watchedFrom).toBe(hour(0));
  });
});

it('lists hours that follow one upon the other as one window', () => {
  const hours = [hour(0), hour(1), hour(2), hour(5)];
  expect(firstRun(hours, 100)).toEqual([hour(0), hour(1), hour(2)]);
  expect(firstRun(hours, 2)).toEqual([hour(0), hour(1)]);
  expect(windowOf(firstRun(hours, 100))).toEqual({ from: hour(0), to: hour(3) });
  expect(hoursIn({ from: hour(0) + 1, to: hour(2) + 1 })).toEqual([hour(0), hour(1), hour(2)]);
  expect(hoursIn({ from: hour(2), to: hour(2) })).toEqual([]);
});

describe('a checkpoint', () => {
  const plan = { lookbackMs: 60_000, maxWindowMs: 7 * 24 * hourMs };

  it('of before there was a ledger begins its books with what is read from now on', () => {
    const { watchedFrom: _w, verifiedAt: _v, owed: _o, ...old } = firstCheckpoint(epoch, 3 * hourMs, plan);
    const known = withLedger(checkpointSchema.parse(old), epoch + 5_000);
    expect(known).toMatchObject({ verifiedAt: epoch + 5_000, owed: [] });
    expect(known.watchedFrom).toBe(old.backfill?.watermark);
    expect(withLedger(known, epoch + 9_000)).toEqual(known);
  });

  it('watches from where its history begins', () => {
    expect(firstCheckpoint(epoch, 3 * hourMs, plan).watchedFrom).toBe(epoch - 3 * hourMs);
    expect(firstCheckpoint(epoch, 0, plan).watchedFrom).toBe(epoch - 60_000);
  });
});
