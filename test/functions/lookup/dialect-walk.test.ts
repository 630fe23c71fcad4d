import { describe, expect, it } from 'vitest';
import type { Call } from '#functions/lookup/call.ts';
import { mostWalked, walk } from '#functions/lookup/dialects/walk.ts';
import { listedPage } from '#functions/lookup/dialects/walk-page.ts';
import { type Asked, keyFitsFor, readsFor } from '#functions/lookup/dialects/walk-plan.ts';
import { formatInstant } from '#shared/domain/instant.ts';
import { epoch } from '#test/support/records.ts';

/** Lists by page number over tables that no test should have to write: the store is one of rows made when asked. */

type Sent = { input: Record<string, unknown> };

const uuidAt = (i: number): string => `uuid-${String(i).padStart(6, '0')}`;

/** A call over a table whose index holds `rows` rows, in pages of 10,000. */
function callOver(rows: number, sent: Sent[] = []): Call {
  const send = async (command: Sent) => {
    sent.push(command);
    if (!('IndexName' in command.input)) return { Responses: {} };
    const from = Number(Object(command.input['ExclusiveStartKey']).at ?? 0);
    const to = Math.min(rows, from + 10_000);
    const Items = Array.from({ length: to - from }, (_, i) => {
      const uuid = uuidAt(from + i);
      return { pk: uuid, up: `${formatInstant(epoch + from + i)}#${uuid}` };
    });
    return { Items, ...(to < rows && { LastEvaluatedKey: { at: to } }) };
  };
  const call = {
    lookup: {
      store: { documents: { send }, table: 't' },
      file: { connections: [{ id: 'emea', provider: 'vonage' }] },
      connections: { ids: async () => ['emea'] },
      now: () => clock.now,
    },
    caller: { id: 'crm', connections: null },
  };
  return call as unknown as Call;
}
const clock = { now: epoch };

const byUpdate: Asked = { sort: 'updated', created: {}, updated: {}, filtered: false };
const walkOver = (call: Call, asked = byUpdate) =>
  walk(call, {
    ...{ readsOf: (connection) => readsFor(asked, connection), placeOf: () => undefined },
    ...{ keyFits: keyFitsFor(asked), order: 'asc' },
  });

describe('a walk', () => {
  it('counts and orders as many keys as are allowed, without a record', async () => {
    const sent: Sent[] = [];
    const uuids = await walkOver(callOver(mostWalked, sent));
    expect([uuids.length, uuids[0], uuids.at(-1)]).toEqual([mostWalked, uuidAt(0), uuidAt(mostWalked - 1)]);
    expect(Object.values(Object(sent[0]?.input['ExpressionAttributeNames']))).not.toContain('r');
  });

  it('asks to narrow the dates where there are more', async () => {
    await expect(walkOver(callOver(mostWalked + 1))).rejects.toMatchObject({ status: 400 });
  });

  it('counts what moves while it walks once, where it was seen last', async () => {
    const pages = [['a', 'b'], ['a']].map((uuids, n) => ({
      Items: uuids.map((uuid, i) => ({ pk: uuid, up: `${formatInstant(epoch + n * 1_000 + i)}#${uuid}` })),
      ...(n === 0 && { LastEvaluatedKey: {} }),
    }));
    const call = callOver(0);
    const store = { documents: { send: async () => pages.shift() }, table: 't' };
    const over = { ...call, lookup: { ...call.lookup, store } } as unknown as Call;
    expect(await walkOver(over)).toEqual(['b', 'a']);
  });

  it('reads no more of an index than its dates leave, and their last millisecond as a whole', async () => {
    const sent: Sent[] = [];
    const updated = { gt: '2026-11-02T09:00:00.000500', lte: '2026-11-02T09:00:01.000999' };
    await walkOver(callOver(0, sent), { ...byUpdate, updated });
    expect(sent[0]?.input['ExpressionAttributeValues']).toEqual({
      ...{ ':partition': 'emea', ':least': '2026-11-02T09:00:00.000Z', ':most': '2026-11-02T09:00:01.000Z~' },
    });
    // A provider's own stamps stand in no index: nothing above is cut, and below an hour is left for its clock.
    expect(readsFor({ ...byUpdate, updated }, { id: 'sales', provider: 'salesloft' })).toEqual([
      { index: 'byUpdate', span: { least: '2026-11-02T08:00:00.000Z', most: ':' }, carries: 'record' },
    ]);
  });
});

describe('a page of a walked list', () => {
  it('is taken from the list of a moment ago behind the first page, by the same caller and query', async () => {
    const call = callOver(0);
    let walks = 0;
    const load = async () => {
      walks += 1;
      return ['a', 'b', 'c'];
    };
    const page = (offset: number, name = 'x', by = call) => listedPage(by, { name, offset, limit: 2 }, load);
    expect((await page(2)).total).toBe(3);
    await page(2);
    expect(walks).toBe(1);
    await page(0);
    expect(walks).toBe(2);
    await page(2, 'y');
    await page(2, 'x', { ...call, caller: { ...call.caller, id: 'other' } });
    await page(2, 'x', { ...call, caller: { ...call.caller, connections: new Set(['emea']) } });
    expect(walks).toBe(5);
    clock.now += 10_000;
    await page(2);
    expect(walks).toBe(6);
  });

  it('forgets what would fill the memory', async () => {
    const call = callOver(0);
    const walked: string[] = [];
    const page = (name: string, size: number) =>
      listedPage(call, { name, offset: 1, limit: 1 }, async () => {
        walked.push(name);
        return Array.from({ length: size }, (_, i) => String(i));
      });
    for (let i = 0; i < 17; i += 1) await page(`${i}`, 1);
    await page('1', 1);
    await page('0', 1);
    expect(walked.slice(17)).toEqual(['0']);
    await page('big', 200_000);
    await page('bigger', 200_000);
    await page('big', 200_000);
    expect(walked.slice(18)).toEqual(['big', 'bigger', 'big']);
  });
});
