import { expect, test } from 'vitest';
import { LeaseLost } from '#shared/domain/errors.ts';
import { openWaiting, type Patience } from '#shared/ingest/patience.ts';
import { virtualClock } from '#test/support/virtual-clock.ts';

const minute = 60_000;

function open(more: Partial<Patience> = {}) {
  const clock = virtualClock();
  const kept: number[] = [];
  const patience: Patience = {
    until: clock.now() + 10 * minute,
    keep: async (waitedMs) => void kept.push(waitedMs),
    ...more,
  };
  return { clock, kept, patience, waitFor: openWaiting(clock) };
}

test('a wait lasts a little longer than it must, and is kept alive every few seconds', async () => {
  const { clock, kept, patience, waitFor } = open();
  const begun = clock.now();
  expect(await waitFor(12_000, patience)).toBe(true);
  expect(clock.now() - begun).toBe(12_750);
  expect(kept).toEqual([5_000, 5_000, 2_750]);
});

test('many at once wait once', async () => {
  const { clock, patience, waitFor } = open();
  const begun = clock.now();
  await Promise.all([30_000, 29_000, 28_000].map((ms) => waitFor(ms, patience)));
  expect(clock.now() - begun).toBe(30_750);
  await waitFor(1_000, patience);
  expect(clock.now() - begun).toBe(32_500);
});

test.each<[string, number, number]>([
  ['for longer than a minute', 65_000, 10 * minute],
  ['beyond the end of the run', 10_000, 10_700],
])('nobody waits %s', async (_what, ms, until) => {
  const { clock, patience, waitFor } = open();
  const begun = clock.now();
  expect(await waitFor(ms, { ...patience, until: begun + until })).toBe(false);
  expect(clock.now()).toBe(begun);
});

test('without patience nobody waits at all', async () => {
  const { clock, waitFor } = open();
  expect(await waitFor(1_000, null)).toBe(false);
  expect(clock.slept).toEqual([]);
});

test('a runner that has lost its lease meanwhile stops waiting, with all who wait', async () => {
  const lost = new LeaseLost('gone');
  const { clock, patience, waitFor } = open({ keep: () => Promise.reject(lost) });
  const waits = [waitFor(minute, patience), waitFor(minute, patience)];
  for (const wait of waits) await expect(wait).rejects.toBe(lost);
  expect(clock.slept).toEqual([5_000]);
});
