import { describe, expect, it } from 'vitest';
import { magpipeDefaults } from '#infra/local/fakes/magpipe/settings.ts';
import { fakeMagpipe } from '#infra/local/fakes/magpipe/start.ts';
import { connectionSchema } from '#shared/domain/connections.ts';
import { magpipe } from '#shared/providers/magpipe/connector.ts';
import { later } from './magpipe-worlds.ts';

const date = 'Mon, 02 Mar 2026 10:15:30 GMT';
const at = (seconds: number): string => String(Date.parse(date) / 1_000 + seconds);
const told = (limit?: string, remaining?: string, reset?: string, more: Record<string, string> = { date }) =>
  magpipe.readBudget({
    'x-ratelimit-limit': limit,
    'x-ratelimit-remaining': remaining,
    'x-ratelimit-reset': reset,
    ...more,
  });

describe('the budget in the headers', () => {
  it.each([
    [told('100', '99', at(20)), { remainingMinute: 99 }],
    [told('1000', '7'), { remainingHour: 7 }],
    [told('1000', ' 0 ', at(20)), { remainingHour: 0 }],
    [told('250', '9', at(30)), { remainingMinute: 9 }],
    [told(undefined, '9', at(60)), { remainingMinute: 9 }],
    [told('250', '9', at(61)), { remainingHour: 9 }],
    [told('250', '9', at(3_600)), { remainingHour: 9 }],
  ])('is of the minute or of the hour: %j', (report, expected) => {
    expect(report).toEqual(expected);
  });

  it.each([
    [told()],
    [told('100')],
    [told('100', '-1')],
    [told('100', '99, 998')],
    [told('100', 'many')],
    [told('250', '9')],
    [told('250', '9', at(0))],
    [told('250', '9', at(3_601))],
    [told('250', '9', at(30), {})],
    [told('250', '9', at(30), { date: 'today' })],
    [told('250', '9', 'soon')],
  ])('is nothing where it cannot be told: %j', (report) => {
    expect(report).toEqual({});
  });

  it.each(['minute', 'hour', 'scarcer', 'none'] as const)('is read as the fake tells it: %s', (headers) => {
    const fake = fakeMagpipe({ world: { calls: [] }, now: later, rateLimit: { perHour: 50, headers } });
    const url = 'https://api.magpipe.ai/functions/v1/list-calls';
    const { headers: answered } = fake.handle({
      method: 'POST',
      url,
      headers: { authorization: `Bearer ${magpipeDefaults.apiToken}` },
      body: '',
    });
    const expected = {
      minute: { remainingMinute: 99 },
      hour: { remainingHour: 49 },
      scarcer: { remainingHour: 49 },
      none: {},
    };
    expect(magpipe.readBudget(answered)).toEqual(expected[headers]);
  });
});

describe('the account', () => {
  const connection = (change: object) =>
    connectionSchema.parse({ id: 'acme', provider: 'magpipe', credentials: { token: 't' }, ...change });

  it('has an address of its own, and limits of which the hour binds first', () => {
    expect(magpipe.baseUrl(connection({}))).toBe('https://api.magpipe.ai/functions/v1');
    const baseUrl = 'https://mtxbiyilvgwhbdptysex.supabase.co/functions/v1';
    expect(magpipe.baseUrl(connection({ baseUrl }))).toBe(baseUrl);
    expect([magpipe.auth, magpipe.rateLimit]).toEqual([{ kind: 'token' }, { perMinute: 100, perHour: 1_000 }]);
  });
});
