import { expect, it } from 'vitest';
import { eventClock } from './event-clock.ts';

it('wakes sleepers in the order of their time, which passes for all of them at once', async () => {
  const clock = eventClock(1_000);
  const woken: [string, number][] = [];
  const sleeper = async (name: string, ...naps: readonly number[]): Promise<void> => {
    for (const nap of naps) {
      await clock.sleep(nap);
      woken.push([name, clock.now()]);
    }
  };
  await Promise.all([sleeper('a', 50, 50), sleeper('b', 20, 100), clock.sleepUntil(1_060)]);
  expect(woken).toEqual([
    ['b', 1_020],
    ['a', 1_050],
    ['a', 1_100],
    ['b', 1_120],
  ]);
});

it('stands still while somebody has something to do', async () => {
  const clock = eventClock(0);
  const sleeping = clock.sleep(1_000);
  for (let step = 0; step < 50; step++) await Promise.resolve();
  expect(clock.now()).toBe(0);
  await sleeping;
  expect(clock.now()).toBe(1_000);
});

it('never goes back', async () => {
  const clock = eventClock(500);
  await clock.sleepUntil(100);
  expect(clock.now()).toBe(500);
});
