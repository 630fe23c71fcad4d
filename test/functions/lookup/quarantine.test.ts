import { DeleteObjectsCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Reading } from '#functions/lookup/records/reads.ts';
import { quarantine } from '#shared/storage/quarantine.ts';
import { epoch } from '#test/support/records.ts';
import { type TestStore, testStore } from '#test/support/store.ts';
import { connectionsFile, type HttpAnswer, lookupOver, settleMs, type TestLookup } from './lookup-harness.ts';

let opened: TestStore;
let lookup: TestLookup;
const readings: Reading[] = [];
const raw = (id: string) => `{"id":"${id}","text":"<script>PRIVATE</script> \u2028"}`;

beforeAll(async () => {
  opened = await testStore();
  const reads = { note: async (noted: readonly Reading[]) => void readings.push(...noted) };
  lookup = lookupOver(opened.store, { now: epoch }, connectionsFile, settleMs, { reads });
  const record = { stream: 'conversations', reason: 'id: expected text' };
  for (const id of ['a', 'b', 'c/ü']) {
    await quarantine(opened.store, { ...record, connection: 'support', externalId: id, raw: raw(id) }, epoch);
  }
  await quarantine(opened.store, { ...record, connection: 'support', externalId: null, raw: raw('none') }, epoch);
  await quarantine(opened.store, { ...record, connection: 'sales', externalId: 'd', raw: raw('d') }, epoch);
});
afterAll(() => opened.close());

type Entry = { id: string; connection: string; externalId: string | null; reason: string; at: string };
type Page = { quarantined: Entry[]; nextCursor: string | null; fields: { name: string }[] };
const get = async (target: string, client = 'crm'): Promise<HttpAnswer> =>
  lookup.get(target, await lookup.token(client));
const page = async (query = '', client = 'crm'): Promise<Page> =>
  JSON.parse((await get(`/v1/quarantine${query}`, client)).text);
const idOf = async (externalId: string | null): Promise<string> =>
  (await page()).quarantined.find((entry) => entry.externalId === externalId)?.id ?? '';

describe('the list of what was not understood', () => {
  it('shows each, connection by connection, without its bytes', async () => {
    const answer = await get('/v1/quarantine', 'reader');
    const { quarantined, nextCursor }: Page = JSON.parse(answer.text);
    expect([quarantined.map(({ connection }) => connection), nextCursor]).toEqual([
      ['sales', ...Array.from({ length: 4 }, () => 'support')],
      null,
    ]);
    expect(quarantined.filter(({ connection }) => connection === 'sales')).toEqual([
      {
        ...{ id: expect.stringMatching(/^sales\.conversations\.id-[0-9a-f]{64}$/), connection: 'sales' },
        ...{ externalId: 'd', reason: 'id: expected text', at: '2026-11-02T09:00:00.000Z' },
      },
    ]);
    expect(answer.text).not.toContain('PRIVATE');
  });

  it.each([1, 2, 3, 4])('comes whole page by page, %i a page', async (limit) => {
    const seen: string[] = [];
    let cursor = '';
    do {
      const { quarantined, nextCursor } = await page(`?limit=${limit}${cursor}`);
      expect(quarantined.length).toBeLessThanOrEqual(limit);
      seen.push(...quarantined.map(({ id }) => id));
      cursor = nextCursor === null ? '' : `&cursor=${nextCursor}`;
    } while (cursor !== '');
    expect(seen).toEqual((await page()).quarantined.map(({ id }) => id));
  });

  it('is of one connection where that is asked for, and of those alone that the caller may see', async () => {
    expect((await page('?connection=sales')).quarantined).toHaveLength(1);
    expect((await page('', 'limited')).quarantined).toHaveLength(4);
    for (const connection of ['sales', 'nothing']) {
      expect(await page(`?connection=${connection}`, 'limited')).toEqual({ quarantined: [], nextCursor: null });
    }
    const { nextCursor } = await page('?limit=1');
    expect((await get(`/v1/quarantine?cursor=${nextCursor}`, 'limited')).status).toBe(400);
    expect((await get(`/v1/quarantine?connection=support&cursor=${nextCursor}`)).status).toBe(400);
  });

  it.each(['limit=0', 'limit=101', 'connection=A', 'cursor=x', 'stream=conversations', 'connection='])(
    'refuses %s',
    async (query) => {
      const name = query.split('=')[0];
      expect((await page(`?${query}`)).fields.map((field) => field.name)).toEqual([name]);
    },
  );
});

describe('the raw bytes of what was not understood', () => {
  it('are a download that no browser shows, and the reading is noted', async () => {
    for (const externalId of ['c/ü', null]) {
      const id = await idOf(externalId);
      const answer = await get(`/v1/quarantine/${id}`);
      expect([answer.status, answer.text]).toEqual([200, raw(externalId ?? 'none')]);
      expect(answer.headers).toMatchObject({
        ...{ 'content-type': 'application/octet-stream', 'content-disposition': `attachment; filename="${id}.json"` },
        ...{ 'X-Content-Type-Options': 'nosniff', 'cache-control': 'no-store' },
      });
      const conversation = externalId === null ? id : 'support:c%2F%C3%BC';
      expect(readings.splice(0)).toEqual([{ client: 'crm', conversation, kind: 'quarantine' }]);
    }
  });

  it('need the scope of content, and a connection that the caller may see', async () => {
    const [own, foreign] = [await idOf('a'), await idOf('d')];
    expect((await get(`/v1/quarantine/${own}`, 'reader')).status).toBe(403);
    expect((await get(`/v1/quarantine/${own}`, 'limited')).status).toBe(200);
    const hidden = await get(`/v1/quarantine/${foreign}`, 'limited');
    const unknown = await get(`/v1/quarantine/${foreign.replace(/.$/, (end) => (end === '0' ? '1' : '0'))}`, 'limited');
    expect([hidden.status, hidden.text]).toEqual([404, unknown.text]);
  });

  it('are not found by what is no id', async () => {
    const id = await idOf('a');
    const odd = ['x', '..', '%2e%2e', `${id}x`, id.toUpperCase(), id.replace('.', '%23'), 'x'.repeat(3_000), '%00'];
    for (const one of odd) expect((await get(`/v1/quarantine/${one}`)).status, one).toBe(404);
    expect((await get(`/v1/quarantine/${id}?x=1`)).status).toBe(400);
  });

  it('are not sent where the reading cannot be noted, nor found where they are gone', async () => {
    const id = await idOf('a');
    const reads = { note: () => Promise.reject(new Error('no log')) };
    const unseen = lookupOver(opened.store, { now: epoch }, connectionsFile, settleMs, { reads });
    const answer = await unseen.get(`/v1/quarantine/${id}`, await unseen.token('crm'));
    expect([answer.status, answer.text]).toEqual([500, expect.not.stringContaining('PRIVATE')]);
    const { store } = opened;
    const { Contents = [] } = await store.objects.send(new ListObjectsV2Command({ Bucket: store.bucket }));
    const Objects = Contents.map(({ Key }) => ({ Key }));
    await store.objects.send(new DeleteObjectsCommand({ Bucket: store.bucket, Delete: { Objects } }));
    expect((await get(`/v1/quarantine/${id}`)).status).toBe(404);
  });
});
