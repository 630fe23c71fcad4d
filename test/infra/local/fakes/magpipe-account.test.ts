import { afterEach, describe, expect, it } from 'vitest';
import type { FakeRequest } from '#infra/local/fakes/exchange.ts';
import { tooMany } from '#infra/local/fakes/faults/answer-faults.ts';
import { when } from '#infra/local/fakes/faults/fault.ts';
import { demoGrowth } from '#infra/local/fakes/invent/timeline.ts';
import { growingMagpipeWorld, inventMagpipeWorld } from '#infra/local/fakes/magpipe/invent.ts';
import type { RateLimit } from '#infra/local/fakes/magpipe/rate-limit.ts';
import { magpipeDefaults } from '#infra/local/fakes/magpipe/settings.ts';
import { fakeMagpipe, startFakeMagpipe } from '#infra/local/fakes/magpipe/start.ts';

const from = Date.parse('2026-03-02T09:00:00Z');
const authorization = `Bearer ${magpipeDefaults.apiToken}`;
const list = {
  method: 'POST',
  url: 'https://api.example.com/functions/v1/list-calls',
  headers: { authorization },
  body: '',
};

describe('the limits', () => {
  const open = (rateLimit: Partial<RateLimit> = {}) => {
    let now = from;
    const fake = fakeMagpipe({ world: { calls: [] }, now: () => now, rateLimit });
    return {
      ask: (request: FakeRequest = list) => fake.handle(request),
      pass: (ms: number) => {
        now += ms;
      },
    };
  };
  const told = ({ headers }: { headers: Readonly<Record<string, string>> }) =>
    ['limit', 'remaining', 'reset'].map((name) => headers[`x-ratelimit-${name}`]);

  it('are a hundred a minute and a thousand an hour', () => {
    const { ask, pass } = open();
    const statuses: number[] = [];
    for (let minute = 0; minute < 11; minute += 1) {
      for (let i = 0; i < 101; i += 1) statuses.push(ask().status);
      pass(60_000);
    }
    expect(statuses.filter((status) => status === 200)).toHaveLength(1_000);
    expect(statuses[100]).toBe(429);
    expect(statuses.slice(-101)).not.toContain(200);
    pass(3_600_000);
    expect(ask().status).toBe(200);
  });

  it('are told in the headers, of the span that has less left or of the one it is set to', () => {
    expect(told(open().ask())).toEqual(['100', '99', String(from / 1_000 + 60)]);
    expect(told(open({ perHour: 50 }).ask())).toEqual(['50', '49', String(from / 1_000 + 3_600)]);
    expect(told(open({ headers: 'hour' }).ask())).toEqual(['1000', '999', String(from / 1_000 + 3_600)]);
    expect(told(open({ headers: 'none' }).ask())).toEqual([undefined, undefined, undefined]);
  });

  it('refuse with a body of the usual shape', () => {
    const { ask } = open({ perMinute: 1 });
    ask();
    expect(JSON.parse(String(ask().body))).toEqual({ error: { code: 'rate_limited', message: expect.any(String) } });
    expect(told(ask())).toEqual(['1', '0', String(from / 1_000 + 60)]);
  });

  it('are not touched by strangers and by recordings', () => {
    const { ask } = open({ perMinute: 1 });
    expect(ask({ ...list, headers: { authorization: 'Bearer x' } }).status).toBe(401);
    expect(
      ask({ ...list, method: 'GET', headers: {}, url: 'https://api.example.com/storage/recordings/x.wav' }).status,
    ).toBe(403);
    expect(ask().status).toBe(200);
  });
});

describe('on a port', () => {
  let close = async (): Promise<void> => undefined;
  afterEach(() => close());

  it('answers under /functions/v1, with its faults and its log', async () => {
    const faults = [{ match: when({ path: /get-call$/, nth: 1 }), fault: tooMany('3') }];
    const world = inventMagpipeWorld('port', from, from + 60_000, 3);
    const fake = await startFakeMagpipe({ world, now: () => from + 3_600_000, faults });
    close = fake.close;
    expect(fake.baseUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/functions\/v1$/);
    const ask = (endpoint: string, body: object) =>
      fetch(`${fake.baseUrl}/${endpoint}`, { method: 'POST', headers: { authorization }, body: JSON.stringify(body) });
    const listed = (await (await ask('list-calls', {})).json()) as { calls: { id: string }[] };
    expect(listed.calls).toHaveLength(3);
    const refused = await ask('get-call', { call_id: listed.calls[0]?.id });
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '3']);
    const call = (await (await ask('get-call', { call_id: listed.calls[0]?.id })).json()) as { id: string };
    expect(call.id).toBe(listed.calls[0]?.id);
    expect(fake.requests.entries.map(({ status }) => status)).toEqual([200, 429, 200]);
  });
});

describe('an invented world', () => {
  const invent = (seed: string) => inventMagpipeWorld(seed, from, from + 86_400_000, 300);

  it('is equal for equal seeds and differs for others', () => {
    expect(invent('a')).toEqual(invent('a'));
    expect(JSON.stringify(invent('a'))).not.toBe(JSON.stringify(invent('b')));
  });

  it('holds invented people and numbers only, and leaves no gap in its phrases', () => {
    const text = JSON.stringify(invent('people'));
    expect(text).not.toMatch(/\{[a-z]+\}/);
    for (const number of text.match(/\+\d{6,}/g) ?? []) expect(number).toMatch(/^\+44207946\d{4}$/);
  });

  it('has calls that nobody answers, late and missing transcripts, some without segments', () => {
    const { calls } = invent('lively');
    const answered = calls.filter(({ answeredAtUs }) => answeredAtUs !== null);
    expect(calls.length - answered.length).toBeGreaterThan(20);
    const late = answered.filter((call) => (call.transcriptAtUs ?? 0) > (call.endedAtUs ?? 0));
    expect(late.length).toBeGreaterThan(60);
    expect(answered.some(({ transcriptAtUs }) => transcriptAtUs === null)).toBe(true);
    expect(new Set(answered.map(({ hasSegments }) => hasSegments))).toEqual(new Set([true, false]));
  });

  it('may share one moment', () => {
    const { calls } = inventMagpipeWorld('equal', from, from + 60_000, 200, { equalStamps: 150 });
    expect(new Set(calls.map(({ createdAtUs }) => createdAtUs)).size).toBe(51);
  });

  it('grows with the clock, the same after a restart, its calls listed while they ring', () => {
    const grow = () => growingMagpipeWorld(demoGrowth('demo voice agent', from));
    const asked = grow();
    for (let now = from; now <= from + 600_000; now += 7_000) asked(now);
    expect(grow()(from + 600_000)).toEqual(asked(from + 600_000));
    expect(grow()(from).calls).toHaveLength(40);
    const gained = grow()(from + 3_600_000).calls.length - 40;
    expect(gained).toBeGreaterThan(3_600 / 15 - 1);
    const fake = fakeMagpipe({ world: grow(), now: () => from + 600_000 });
    const { calls } = JSON.parse(String(fake.handle(list).body)) as { calls: { status: string }[] };
    expect(calls.map(({ status }) => status)).toEqual(expect.arrayContaining(['completed', 'in-progress']));
  });
});
