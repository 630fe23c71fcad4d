import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatInstant } from '#shared/domain/instant.ts';
import { epoch } from '#test/support/records.ts';
import './listed-conversations.ts';
import { get } from './lookup-table.ts';

const faults = async (query: string): Promise<unknown> => {
  const answer = await get(`/v1/conversations?${query}`);
  return [answer.status, answer.json().fields?.map((field) => field.name)];
};

const names = [
  'connection',
  'provider',
  'channel',
  'direction',
  'startedFrom',
  'startedTo',
  'updatedSince',
  'sort',
  'order',
  'limit',
  'cursor',
];

test.each(names)(
  '%s: empty, repeated, huge, with control characters or of another kind is a 400 that names it',
  async (name) => {
    const good: Record<string, string> = {
      connection: 'support',
      provider: 'talkdesk',
      channel: 'voice',
      direction: 'inbound',
      sort: 'startedAt',
      order: 'asc',
      limit: '5',
    };
    const value = encodeURIComponent(good[name] ?? formatInstant(epoch));
    const wrong = [
      '',
      '=',
      `=${value}&${name}=${value}`,
      `=${'9'.repeat(20_000)}`,
      `=${value}%00`,
      '=%0d%0aX:1',
      '=%ff',
      '=[object]',
      '=-1',
      '=null',
      '=%F0%9F%98%80',
    ];
    for (const text of wrong) {
      if (name === 'connection' && (text === '=-1' || text === '=null')) continue;
      expect(await faults(`${name}${text}`), text).toEqual([400, [name]]);
    }
  },
);

test('wrong instants, limits and unknown names', async () => {
  for (const text of [
    'yesterday',
    '2026-03-02',
    '2026-03-02T09:14:07',
    '2026-02-30T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-03-02T25:00:00Z',
    '1767225600000',
    '9999-12-31T23:59:59-10:00',
    '0000-01-01T00:00:00+01:00',
  ]) {
    expect(await faults(`startedFrom=${encodeURIComponent(text)}`), text).toEqual([400, ['startedFrom']]);
  }
  for (const text of ['0', '101', '1.5', '1e1', ' 5', '05', '0x10'])
    expect(await faults(`limit=${text}`), text).toEqual([400, ['limit']]);
  expect(await faults('foo=1&__proto__=2&constructor=3&limit=0')).toEqual([
    400,
    expect.arrayContaining(['limit', 'foo', '__proto__', 'constructor']),
  ]);
  expect(await faults(`${'x'.repeat(1_000)}=1`)).toEqual([400, ['x'.repeat(64)]]);
  expect(await faults(Array.from({ length: 70 }, (_, i) => `p${i}=1`).join('&'))).toEqual([400, ['query']]);
});

test('no error repeats a value', async () => {
  const secret = 'Jane Doe +1 555 0100';
  for (const name of names) {
    const answer = await get(`/v1/conversations?${name}=${encodeURIComponent(secret)}`);
    expect(answer.text).not.toContain('Jane');
  }
});

test('any query answers with 200 or 400', async () => {
  const piece = fc.oneof(
    fc.constantFrom(...names),
    fc.string({ unit: 'binary', maxLength: 8 }).map((text) => encodeURIComponent(text.toWellFormed())),
    fc.constantFrom('&', '=', '%', '%zz', '+', '#', 'ids', 'include'),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 8 }), async (pieces) => {
      expect([200, 400]).toContain((await get(`/v1/conversations?${pieces.join('')}`)).status);
    }),
    { numRuns: 150, seed: 3 },
  );
});
