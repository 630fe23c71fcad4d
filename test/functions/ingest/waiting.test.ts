import { expect, it } from 'vitest';
import { earlySeconds, isTooOld, waitAfter, waitSeconds } from '#functions/ingest/waiting.ts';
import type { InboxJob } from '#shared/domain/delivery.ts';
import {
  ConfigInvalid,
  CredentialsRejected,
  PermissionMissing,
  ProviderUnavailable,
  RateLimited,
  RequestRejected,
  ResponseInvalid,
} from '#shared/domain/errors.ts';

it('waits longer each time, up to what a message may be delayed', () => {
  expect([0, 1, 2, 3, 7, 8, 1_000].map(waitSeconds)).toEqual([5, 10, 20, 40, 640, 900, 900]);
});

it('asks twice again for what may be too early', () => {
  expect([0, 1, 2].map(earlySeconds)).toEqual([5, 20, undefined]);
});

it('waits for the budget as long as that says, within what a message may be delayed', () => {
  const seconds = [0, 1, 1_001, 60_000, 7_200_000].map((ms) => waitAfter(new RateLimited('spent', ms), 0, 0)?.seconds);
  expect(seconds).toEqual([1, 1, 2, 60, 900]);
});

it('spreads out what waits for the budget for long', () => {
  const secondsAt = (waits: number, random: number) =>
    waitAfter(new RateLimited('spent', 60_000), waits, random)?.seconds;
  expect([0, 3, 5, 9].map((waits) => secondsAt(waits, 0))).toEqual([60, 60, 60, 60]);
  expect([0, 3, 5, 9].map((waits) => secondsAt(waits, 0.999_999))).toEqual([60, 60, 160, 900]);
});

it.each([
  [new ProviderUnavailable('503'), 10],
  [new CredentialsRejected('401'), 10],
  [new PermissionMissing('403'), 10],
  [new ResponseInvalid('a page of HTML'), 10],
  [new RequestRejected('400', 400), undefined],
  [new ConfigInvalid(['no such connection']), undefined],
  [new TypeError('undefined is no function'), undefined],
])('%s: %s', (error, seconds) => {
  expect(waitAfter(error, 1, 0.5)?.seconds).toBe(seconds);
});

it('bears with a delivery for two weeks, with an unsigned one for a day', () => {
  const day = 86_400_000;
  const job = (isSigned: boolean): InboxJob => {
    return { connection: 'c', key: 'k', event: null, isSigned, receivedAt: 0, waits: 0, body: '' };
  };
  expect([day, day + 1].map((now) => isTooOld(job(false), now))).toEqual([false, true]);
  expect([14 * day, 14 * day + 1].map((now) => isTooOld(job(true), now))).toEqual([false, true]);
});
