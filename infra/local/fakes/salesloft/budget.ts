import type { FakeAnswer, FakeRequest } from '../exchange.ts';
import { jsonAnswer, pathOf, withHeaders } from '../exchange.ts';
import type { Meter } from '../provider.ts';
import { readPaging } from './listing.ts';

/** Points a request costs: 1, and more from page 101 on. */
export function costOf(request: FakeRequest): number {
  const { page } = readPaging(new URL(request.url).searchParams);
  if (page <= 100) return 1;
  if (page <= 150) return 3;
  if (page <= 250) return 8;
  return page <= 500 ? 10 : 30;
}

/** The team's budget, full again at each minute of the clock; that minute is inferred, the documents name no edge. */
export function minuteBudget(pointsPerMinute: number): Meter {
  let current = { minute: Number.NaN, spent: 0 };
  const at = (nowMs: number): typeof current => {
    const minute = Math.floor(nowMs / 60_000);
    if (minute !== current.minute) current = { minute, spent: 0 };
    return current;
  };
  const spend = (points: number, nowMs: number): void => {
    at(nowMs).spent += points;
  };
  const charge = (request: FakeRequest, answer: FakeAnswer, nowMs: number): { answer: FakeAnswer; cost: number } => {
    if (!pathOf(request).startsWith('/v2/')) return { answer, cost: 0 };
    // the team of an unknown caller is unknown, so nothing is taken from it
    const asked = answer.status === 401 ? 0 : costOf(request);
    const isSpent = asked > pointsPerMinute - at(nowMs).spent;
    const cost = isSpent ? 0 : asked;
    spend(cost, nowMs);
    const headers = {
      'x-ratelimit-endpoint-cost': String(asked),
      'x-ratelimit-remaining-minute': String(Math.max(0, pointsPerMinute - at(nowMs).spent)),
    };
    const outcome = isSpent ? jsonAnswer(429, { error: 'Rate limit exceeded' }) : answer;
    return { answer: withHeaders(outcome, headers), cost };
  };
  return { charge, spend };
}
