import { afterEach, describe, expect, it } from 'vitest';
import {
  byteOrderMark,
  contentType,
  drip,
  eatenBudget,
  endless,
  forbidden,
  html,
  neverAnswers,
  noContent,
  redirect,
  resetAfter,
  stallAfter,
  status,
  tooMany,
  truncated,
  truncatedGzip,
  unauthorized,
  wrongClock,
  wrongLength,
} from '#infra/local/fakes/faults/answer-faults.ts';
import type { Fault, FaultPlan, FaultRule } from '#infra/local/fakes/faults/fault.ts';
import { when } from '#infra/local/fakes/faults/fault.ts';
import { inventSalesloftWorld } from '#infra/local/fakes/salesloft/invent.ts';
import { salesloftDefaults } from '#infra/local/fakes/salesloft/settings.ts';
import { startFakeSalesloft } from '#infra/local/fakes/salesloft/start.ts';

/** Faults as a client meets them, over a socket, with the fetch of Node. */

const nowMs = Date.parse('2026-03-02T09:00:10Z');
const world = inventSalesloftWorld('faults', nowMs - 3_600_000, nowMs - 1_800_000, 5);
const headers = { authorization: `Bearer ${salesloftDefaults.apiKey}` };
const closers: (() => Promise<void>)[] = [];

afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()));
});

async function started(faults: FaultPlan) {
  const fake = await startFakeSalesloft({ world, now: () => nowMs, faults });
  closers.push(fake.close);
  const get = (path = '/conversations', signal?: AbortSignal) =>
    fetch(`${fake.baseUrl}${path}`, { headers, redirect: 'manual', ...(signal ? { signal } : {}) });
  return { ...fake, get };
}

const first = (fault: Fault): FaultRule[] => [{ match: when({ nth: 1 }), fault }];

describe('a rule', () => {
  it('is played for the requests it matches, and named in the log', async () => {
    const rule = { match: when({ path: /conversations$/, nth: [2, 4], query: { page: '1' } }), fault: status(500) };
    const { get, requests } = await started([rule]);
    const codes: number[] = [];
    for (const query of ['?page=1', '?page=1', '', '?page=1', '?page=1'])
      codes.push((await get(`/conversations${query}`)).status);
    expect(codes).toEqual([200, 500, 200, 500, 200]);
    expect(requests.entries.map(({ fault }) => fault)).toEqual([
      undefined,
      'status 500',
      undefined,
      'status 500',
      undefined,
    ]);
    expect(requests).toMatchObject({ total: 5, cost: 3 });
  });

  it('may hit one record alone', async () => {
    const [one, other] = world.conversations;
    const { get } = await started([
      { match: when({ path: `/v2/conversations/${one?.id}/extensive` }), fault: forbidden() },
    ]);
    expect((await get(`/conversations/${one?.id}/extensive`)).status).toBe(403);
    expect((await get(`/conversations/${other?.id}/extensive`)).status).toBe(200);
  });
});

describe('answers', () => {
  it('429 without, with seconds, with a date and with a huge Retry-After', async () => {
    for (const value of [undefined, '2', 'Mon, 02 Mar 2026 09:00:12 GMT', '99999999999']) {
      const answer = await (await started(first(tooMany(value)))).get();
      expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, value ?? null]);
    }
  });

  it('500, then success', async () => {
    const { get } = await started(first(status(500)));
    expect([(await get()).status, (await get()).status]).toEqual([500, 200]);
  });

  it('200 with HTML, 204, 401 in the middle, a redirect to another host', async () => {
    const page = await (await started(first(html()))).get();
    expect([page.status, page.headers.get('content-type'), (await page.text()).slice(0, 9)]).toEqual([
      200,
      'text/html; charset=utf-8',
      '<!doctype',
    ]);
    const empty = await (await started(first(noContent()))).get();
    expect([empty.status, await empty.text()]).toEqual([204, '']);
    expect((await (await started(first(unauthorized()))).get()).status).toBe(401);
    const moved = await (await started(first(redirect('https://elsewhere.example/')))).get();
    expect([moved.status, moved.headers.get('location')]).toEqual([302, 'https://elsewhere.example/']);
  });

  it('truncated JSON, a wrong type, a byte order mark', async () => {
    expect(await (await (await started(first(truncated(20)))).get()).text()).toHaveLength(20);
    expect((await (await started(first(contentType('text/plain')))).get()).headers.get('content-type')).toBe(
      'text/plain',
    );
    const marked = new Uint8Array(await (await (await started(first(byteOrderMark()))).get()).arrayBuffer());
    expect([...marked.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
  });

  it('gzip without its end', async () => {
    const answer = await (await started(first(truncatedGzip()))).get();
    expect(answer.headers.get('content-encoding')).toBe('gzip');
    const text = await answer.text().catch(() => '');
    expect(() => JSON.parse(text)).toThrow(SyntaxError);
  });

  it('a wrong clock, a budget that somebody else eats', async () => {
    const skewed = await (await started(first(wrongClock(3_600_000)))).get();
    expect(skewed.headers.get('date')).toBe('Mon, 02 Mar 2026 10:00:10 GMT');
    const { get } = await started(first(eatenBudget(500)));
    expect((await get()).headers.get('x-ratelimit-remaining-minute')).toBe('99');
  });
});

describe('the wire', () => {
  it.each([-1, 0, 1, 50])('resets after %i bytes of the body', async (bytes) => {
    const { get } = await started(first(resetAfter(bytes)));
    const read = get().then((answer) => answer.text());
    await expect(read).rejects.toMatchObject({ cause: { code: 'ECONNRESET' } });
    expect((await get()).status).toBe(200);
  });

  it.each([
    ['never answers', neverAnswers],
    ['stalls in the body', stallAfter(10)],
  ])('%s', async (_name, fault) => {
    const { get } = await started(first(fault));
    const read = get('/conversations', AbortSignal.timeout(150)).then((answer) => answer.text());
    await expect(read).rejects.toThrow(/timeout/);
  });

  it('announces a Content-Length that is too large', async () => {
    const { get } = await started(first(wrongLength(10)));
    await expect(get().then((answer) => answer.text())).rejects.toThrow();
  });

  it('drips', async () => {
    const plan = [{ match: when({ nth: 2 }), fault: drip(2_000, 2) }];
    const { get } = await started(plan);
    expect(await (await get()).text()).toBe(await (await get()).text());
  });

  it('sends chunks without end', async () => {
    const { get } = await started(first(endless));
    let bytes = 0;
    for await (const chunk of (await get()).body ?? []) {
      bytes += chunk.length;
      if (bytes > 5_000_000) break;
    }
    expect(bytes).toBeGreaterThan(5_000_000);
  });
});
