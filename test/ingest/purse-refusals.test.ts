import { beforeEach, expect, test } from 'vitest';
import { openPurse, type Purse } from '#shared/ingest/purse.ts';
import { readBudget } from '#shared/storage/budget.ts';
import { at, minute, newGroup, setUpBudgetTable, store } from '#test/support/budget-table.ts';

setUpBudgetTable();

/** the provider's clock */
let now = at(0);
beforeEach(() => {
  now = at(0);
});

const limit = 100;
const open = (group: string): Purse => openPurse(store, group, { perMinute: limit }, () => now);

/** Whether a promise is settled by what is ready now. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  let settled = false;
  const done = (): void => {
    settled = true;
  };
  void promise.then(done, done);
  for (let turn = 0; turn < 10; turn++) await new Promise(setImmediate);
  return settled;
}

/** Asks till the provider refuses, in a minute of which it leaves us that much. */
async function meetRefusal(purse: Purse, left: number): Promise<void> {
  for (let asked = 0; asked < left; asked++) {
    await purse.take(1, 'live');
    purse.land(1);
  }
  await purse.take(1, 'live');
  await purse.block((Math.floor(now / 60_000) + 1) * 60_000);
  purse.land(1);
}

test('a second refusal in a row lowers what the group takes to be the limit', async () => {
  const group = newGroup();
  const [purse, other] = [open(group), open(group)];
  await meetRefusal(purse, 50);
  expect((await readBudget(store, group)).refused).toEqual({ index: minute, limit: null });
  now = at(60);
  await meetRefusal(other, 50);
  expect((await readBudget(store, group)).refused?.limit).toBeCloseTo(48.5, 0);
  now = at(120);
  let taken = 0;
  for (; !(await purse.take(1, 'live').catch(() => true)); taken++) purse.land(1);
  expect(taken).toBe(48);
});

test('near what was refused, one is asked for at a time', async () => {
  const group = newGroup();
  const purse = open(group);
  for (const seconds of [0, 60]) {
    now = at(seconds);
    await meetRefusal(purse, 50);
  }
  now = at(120);
  for (let asked = 0; asked < 39; asked++) await purse.take(1, 'live');
  const next = purse.take(1, 'live');
  expect(await isSettled(next)).toBe(false);
  for (let landed = 0; landed < 39; landed++) purse.land(1);
  await next;
});

test('a refusal teaches nothing where headers tell what is left, or where its pause is shorter than the minute', async () => {
  const group = newGroup();
  const purse = open(group);
  await purse.take(1, 'live');
  await purse.observe({ remainingMinute: 0 }, 1, now);
  await purse.block(at(60));
  purse.land(1);
  now = at(61);
  await purse.take(1, 'live');
  await purse.block(at(63));
  purse.land(1);
  expect((await readBudget(store, group)).refused).toBeNull();
});

test('of a minute of which nothing was told yet one request finds out first, the others follow it', async () => {
  const purse = open(newGroup());
  await purse.take(1, 'live');
  await purse.observe({ remainingMinute: 99 }, 1, now);
  purse.land(1);
  now = at(60);
  const [first, second] = [purse.take(1, 'live'), purse.take(1, 'live')];
  await first;
  expect(await isSettled(second)).toBe(false);
  await purse.observe({ remainingMinute: 99 }, 1, now);
  purse.land(1);
  await second;
  await purse.take(1, 'live');
});

test('with little left, no more is sent than there is room for, and a request without an answer gives its room back', async () => {
  const purse = open(newGroup());
  // What we alone have spent: nobody else is there.
  for (let asked = 1; asked <= 95; asked++) {
    await purse.take(1, 'live');
    await purse.observe({ remainingMinute: limit - asked }, 1, now);
    purse.land(1);
  }
  const takes = Array.from({ length: 6 }, () => purse.take(1, 'live').catch((error) => error));
  for (const take of takes.slice(0, 5)) expect(await take).toBeUndefined();
  expect(await isSettled(Promise.all(takes))).toBe(false);
  // Its connection broke, so that it may not have come to be counted.
  for (let landed = 0; landed < 5; landed++) purse.land(1);
  expect(await takes[5]).toMatchObject({ name: 'RateLimited' });
});
