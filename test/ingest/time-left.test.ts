import { expect, test } from 'vitest';
import { timeLeft } from '#shared/ingest/time-left.ts';

/** A run of a minute; its clock is moved by hand. */
function open() {
  const clock = { now: 0 };
  const time = timeLeft({ now: () => clock.now, deadline: 60_000 });
  const read = (ms: number, waitedMs = 0) =>
    time.measure(async () => {
      clock.now += ms;
      time.waited(waitedMs);
    });
  return { clock, time, read };
}

test('the first page is begun while there is time for a slow one', () => {
  const { clock, time } = open();
  clock.now = 52_000;
  expect(time.enough()).toBe(true);
  clock.now = 52_600;
  expect(time.enough()).toBe(false);
});

test('a further page is begun while there is time for the slowest so far', async () => {
  const { clock, time, read } = open();
  await read(4_000);
  await read(100);
  clock.now = 53_900;
  expect(time.enough()).toBe(true);
  clock.now = 54_100;
  expect(time.enough()).toBe(false);
});

test('waiting for the budget does not make a page slow', async () => {
  const { clock, time, read } = open();
  await read(31_000, 30_500);
  await read(200);
  clock.now = 58_400;
  expect(time.enough()).toBe(true);
  clock.now = 58_600;
  expect(time.enough()).toBe(false);
});

test('what one page waited does not make the next look quick', async () => {
  const { clock, time, read } = open();
  await read(31_000, 30_500);
  await read(4_000);
  clock.now = 54_100;
  expect(time.enough()).toBe(false);
});
