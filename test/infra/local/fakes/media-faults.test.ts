import { afterEach, describe, expect, it } from 'vitest';
import { madeBytes } from '#infra/local/fakes/byte-source.ts';
import { jsonAnswer } from '#infra/local/fakes/exchange.ts';
import {
  closeAfter,
  html,
  redirect,
  resetAfter,
  stallAfter,
  truncated,
  wrongLength,
} from '#infra/local/fakes/faults/answer-faults.ts';
import type { Fault, FaultPlan } from '#infra/local/fakes/faults/fault.ts';
import { when } from '#infra/local/fakes/faults/fault.ts';
import {
  expiredLink,
  hostilePlaces,
  ignoredIfRange,
  ignoredRange,
  jsonInstead,
  leadingTo,
  otherRange,
  redirectChain,
  replacedBy,
  unsatisfiable,
  validator,
  wrongContentRange,
} from '#infra/local/fakes/faults/media-faults.ts';
import { inventTalkdeskWorld } from '#infra/local/fakes/talkdesk/invent.ts';
import type { TalkdeskSettings } from '#infra/local/fakes/talkdesk/settings.ts';
import { talkdeskDefaults } from '#infra/local/fakes/talkdesk/settings.ts';
import { startFakeTalkdesk } from '#infra/local/fakes/talkdesk/start.ts';
import { issueToken } from '#infra/local/fakes/token.ts';
import { getRequest } from './asking.ts';

/** Faults of bytes as a client meets them, with the fetch of Node. */

const nowMs = Date.parse('2026-03-02T09:00:10Z');
const token = issueToken({ expiresAtMs: nowMs * 2, scopes: ['recordings:read'] }, talkdeskDefaults.clientSecret);
const id = 'a'.repeat(32);
// longer than what an answer holds in memory
const length = 1_400_000;
const all = Buffer.from(madeBytes(id, length).slice(0, length));
const world = inventTalkdeskWorld('media', nowMs - 7_200_000, nowMs - 3_600_000, 1);
for (const one of world.interactions) {
  Object.assign(one, { recordings: [{ id, atUs: 0, durationSeconds: 9, type: 'conversation', bytes: length }] });
}
const closers: (() => Promise<void>)[] = [];

afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()));
});

async function started(faults: FaultPlan, settings: Partial<TalkdeskSettings> = { media: 'bytes' }) {
  const fake = await startFakeTalkdesk({ world, now: () => nowMs, faults, settings });
  closers.push(fake.close);
  const get = (headers: Record<string, string> = {}, mode: 'manual' | 'follow' = 'manual') =>
    fetch(`${fake.baseUrl}/recordings/${id}/media`, {
      headers: { authorization: `Bearer ${token}`, ...headers },
      redirect: mode,
    });
  return { ...fake, get };
}

const playing = (fault: Fault, condition: Parameters<typeof when>[0] = {}) =>
  started([{ match: when(condition), fault }]);

/** What arrives before the body ends or breaks. */
async function arriving(answer: Response): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  try {
    for await (const chunk of answer.body ?? []) chunks.push(chunk);
  } catch {
    // broken, as it should be
  }
  return Buffer.concat(chunks);
}

const bytesOf = async (answer: Response): Promise<Buffer> => Buffer.from(await answer.arrayBuffer());

describe('a body', () => {
  it('that is well comes whole or in part', async () => {
    const { get, requests } = await started([]);
    expect((await bytesOf(await get())).equals(all)).toBe(true);
    const part = await get({ range: 'bytes=100000-1199999' });
    expect(part.status).toBe(206);
    expect((await bytesOf(part)).equals(all.subarray(100_000, 1_200_000))).toBe(true);
    expect(requests.entries.map(({ bytes }) => bytes)).toEqual([length, 1_100_000]);
  });

  it.each([0, 1, 65_536, 1_200_001])('ends after %i bytes, so many times as it is told', async (bytes) => {
    const { get, requests } = await playing(closeAfter(bytes), { first: 2 });
    for (let time = 0; time < 2; time += 1) {
      expect((await arriving(await get())).equals(all.subarray(0, bytes))).toBe(true);
    }
    expect((await bytesOf(await get())).equals(all)).toBe(true);
    expect(requests.entries.map((entry) => entry.bytes)).toEqual([bytes, bytes, length]);
  });

  it('is reset or stalls in the middle of what is long', async () => {
    await expect((await playing(resetAfter(1_100_000))).get().then(bytesOf)).rejects.toThrow();
    const stalled = await (await playing(stallAfter(1_100_000))).get();
    const reader = stalled.body?.getReader();
    let got = 0;
    while (got < 1_100_000) got += (await reader?.read())?.value?.length ?? 0;
    expect(got).toBe(1_100_000);
    await reader?.cancel();
  });

  it('is shorter than its length says, or cut without a word', async () => {
    const announced = await (await playing(wrongLength(10))).get();
    expect(announced.headers.get('content-length')).toBe(String(length + 10));
    await expect(bytesOf(announced)).rejects.toThrow();
    for (const kept of [1_000, 1_100_000]) {
      const cut = await (await playing(truncated(kept))).get();
      expect((await bytesOf(cut)).equals(all.subarray(0, kept))).toBe(true);
    }
  });

  it('is a page of HTML or JSON with 200', async () => {
    expect((await (await playing(html())).get()).headers.get('content-type')).toMatch(/^text\/html/);
    expect(await (await (await playing(jsonInstead({ error: 'soon' }))).get()).json()).toEqual({ error: 'soon' });
  });
});

describe('a range', () => {
  const range = { range: 'bytes=10-19' };

  it('is ignored', async () => {
    const answer = await (await playing(ignoredRange())).get({ ...range, 'if-range': `"${id}"` });
    expect([answer.status, (await bytesOf(answer)).length]).toEqual([200, length]);
  });

  it.each([
    [{ start: 5 }, 'bytes 15-24/1400000'],
    [{ total: 1 }, 'bytes 10-19/1400001'],
    [null, null],
  ])('has a wrong Content-Range: %o', async (by, told) => {
    const answer = await (await playing(wrongContentRange(by))).get(range);
    expect([answer.status, answer.headers.get('content-range')]).toEqual([206, told]);
    expect((await bytesOf(answer)).equals(all.subarray(10, 20))).toBe(true);
  });

  it('is another than was asked for', async () => {
    const answer = await (await playing(otherRange(-3))).get(range);
    expect(answer.headers.get('content-range')).toBe('bytes 7-19/1400000');
  });

  it('is refused', async () => {
    const answer = await (await playing(unsatisfiable(7))).get(range);
    expect([answer.status, answer.headers.get('content-range')]).toEqual([416, 'bytes */7']);
  });

  it('belongs to other bytes than the one before, which If-Range tells where it is heeded', async () => {
    const other = { bytes: madeBytes('other', 50), contentType: 'audio/wav', etag: '"other"' };
    const { get } = await playing(replacedBy(other), { after: 1 });
    const before = await get({ range: 'bytes=0-9' });
    const etag = before.headers.get('etag') ?? '';
    const mixed = await get(range);
    expect([mixed.status, mixed.headers.get('etag'), mixed.headers.get('content-range')]).toEqual([
      206,
      '"other"',
      'bytes 10-19/50',
    ]);
    expect((await get({ ...range, 'if-range': etag })).status).toBe(200);
    const careless = await playing(ignoredIfRange());
    expect((await careless.get({ ...range, 'if-range': '"another"' })).status).toBe(206);
  });

  it('has a weak validator, or none', async () => {
    expect((await (await playing(validator('weak'))).get()).headers.get('etag')).toBe(`W/"${id}"`);
    const none = await (await playing(validator('none'))).get();
    expect([none.headers.get('etag'), none.headers.get('last-modified')]).toEqual([null, null]);
  });
});

describe('a link', () => {
  const files = /^\/files\//;

  it('has come to its end', async () => {
    for (const status of [401, 403] as const) {
      const fault = { match: when({ path: files, nth: 1 }), fault: expiredLink(status) };
      const { get } = await started([fault], { media: 'redirect' });
      const href = (await get()).headers.get('location') ?? '';
      expect([(await fetch(href)).status, (await fetch(href)).status]).toEqual([status, 200]);
    }
  });

  it('leads through hops, of other hosts too', async () => {
    const { get, requests } = await playing(redirectChain(3));
    expect((await bytesOf(await get({}, 'follow'))).equals(all)).toBe(true);
    expect(requests.total).toBe(4);
    const chain = redirectChain(3, ['https://one.example', 'https://two.example'], 307);
    const hops = ['', '?hop=1', '?hop=2'].map((at) => chain.edit?.(jsonAnswer(200, {}), getRequest(`/media${at}`)));
    expect(hops.map((hop) => [hop?.status, hop?.headers['location']])).toEqual([
      [307, 'https://one.example/media?hop=1'],
      [307, 'https://two.example/media?hop=2'],
      [307, 'https://one.example/media?hop=3'],
    ]);
  });

  it.each(Object.entries(hostilePlaces))('leads to %s: %s', async (_name, place) => {
    expect((await (await playing(redirect(place))).get()).headers.get('location')).toBe(place);
    const told = await started([{ match: when({}), fault: leadingTo(place) }], { media: 'json' });
    expect(await (await told.get()).json()).toMatchObject({ _links: { file: { href: place } } });
    const salesloft = jsonAnswer(200, { data: { id, url: 'https://files.example/a.wav' } });
    const edited = leadingTo(place).edit?.(salesloft, getRequest(''));
    expect(JSON.parse(String(edited?.body))).toEqual({ data: { id, url: place } });
  });
});
