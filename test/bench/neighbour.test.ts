import { expect, it } from 'vitest';
import { jsonAnswer } from '#infra/local/fakes/exchange.ts';
import { fakeProvider } from '#infra/local/fakes/provider.ts';
import { windowLimit } from '#infra/local/fakes/window-limit.ts';
import { openNeighbour } from './neighbour.ts';

const url = 'https://provider.example';
const request = (path: string) => ({ method: 'GET', url: url + path, headers: {}, body: '' });

function ask(times: number, isThere: boolean) {
  const neighbour = openNeighbour(isThere);
  const limit = { most: 100, windowMs: 60_000 };
  const meter = windowLimit(
    limit,
    ({ url }) => url.endsWith('/token'),
    () => jsonAnswer(429, {}),
  );
  const fake = fakeProvider({ now: () => 0, faults: neighbour.faults, meter, answer: () => jsonAnswer(200, {}) });
  const { requests, provider } = neighbour.watch(fake, () => 0);
  for (let n = 0; n < times; n++) provider.handle(request('/calls'));
  provider.handle(request('/oauth/token'));
  return requests;
}

it('takes as much as we do, before each of our requests, and nothing where it is not', () => {
  const shared = ask(60, true);
  const accepted = shared.filter(({ status }) => status === 200);
  expect(accepted.length).toBeGreaterThan(42);
  expect(accepted.length).toBeLessThan(58);
  expect(accepted.reduce((sum, { cost, eaten }) => sum + cost + eaten, 0)).toBeLessThanOrEqual(100);
  expect(ask(60, false)).toEqual(Array(60).fill({ atMs: 0, status: 200, cost: 1, eaten: 0 }));
});

it('is the same every time', () => {
  expect(ask(30, true)).toEqual(ask(30, true));
});
