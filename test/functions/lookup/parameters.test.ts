import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatInstant } from '#shared/domain/instant.ts';
import { epoch } from '#test/support/records.ts';
import { setUpListedConversations } from './listed-conversations.ts';
import { get } from './lookup-table.ts';

setUpListedConversations();

const faults = async (query: string): Promise<unknown> => {
  const answer = await get(`/v1/conversations?${query}`);
  return [answer.status, answer.json().fields?.map((field) => field.name)];
};

/** A right value of each; an instant where none stands here. */
const good: Readonly<Record<string, string>> = {
  connection: 'support',
  provider: 'talkdesk',
  channel: 'voice',
  direction: 'inbound',
  language: 'en-GB',
  participant: '+441632960111',
  titlePrefix: 'Refund',
  minDurationMs: '0',
  maxDurationMs: '60000',
  minSentiment: '-1',
  maxSentiment: '0.5',
  category: 'Tone/polite',
  artifact: 'transcript:pending',
  sort: 'startedAt',
  order: 'asc',
  limit: '5',
};
const names = [...Object.keys(good), 'startedFrom', 'startedTo', 'updatedSince', 'cursor'];

/** Any text may be a name that a provider gave. */
const takesText = ['language', 'participant', 'titlePrefix', 'category'];
const notText: Readonly<Record<string, readonly string[]>> = {
  connection: ['-1', 'null', '1e3', '0x1', 'true'],
  minSentiment: ['-1'],
  maxSentiment: ['-1'],
};

test.each(names)('%s: empty, repeated, huge or with control characters is a 400 that names it', async (name) => {
  const value = encodeURIComponent(good[name] ?? formatInstant(epoch));
  const wrong = ['', '=', `=${value}&${name}=${value}`, `=${'9'.repeat(20_000)}`, `=${value}%00`, '=%0d%0aX:1', '=%ff'];
  for (const text of wrong) expect(await faults(`${name}${text}`), text).toEqual([400, [name]]);
});

test.each(names.filter((name) => !takesText.includes(name)))(
  '%s: of another kind is a 400 that names it',
  async (name) => {
    const wrong = ['[object]', '-1', 'null', '%F0%9F%98%80', '1e3', '0x1', '%20', 'true', '5,6'];
    for (const text of wrong) {
      if (!notText[name]?.includes(text)) expect(await faults(`${name}=${text}`), text).toEqual([400, [name]]);
    }
  },
);

test('lengths, scores, artifacts and participants that cannot be', async () => {
  const wrong: Record<string, readonly string[]> = {
    minDurationMs: ['1.5', '-0', '1e5', '9'.repeat(16), '٣'],
    maxSentiment: ['1.01', '-1.5', '2', '.', '-', '0.', '+0.5', 'NaN', `0.${'1'.repeat(40)}`],
    artifact: [
      'transcript',
      ':pending',
      'transcript:',
      'transcript:done',
      'media:ready',
      'media::ready',
      'recording:ready',
    ],
    participant: ['%20', '%20%20', 'a%09b', 'x'.repeat(321)],
    titlePrefix: ['x'.repeat(201), 'a%7Fb', 'a%C2%85b'],
    language: ['x'.repeat(36)],
  };
  for (const [name, texts] of Object.entries(wrong)) {
    for (const text of texts) expect(await faults(`${name}=${text}`), `${name}=${text}`).toEqual([400, [name]]);
  }
});

test('a list by length needs a window of at most 31 days', async () => {
  const window = (days: number) =>
    `startedFrom=${formatInstant(epoch)}&startedTo=${formatInstant(epoch + days * 86_400_000)}`;
  expect(await faults('sort=durationMs')).toEqual([400, ['startedFrom', 'startedTo']]);
  expect(await faults(`sort=durationMs&startedTo=${formatInstant(epoch)}`)).toEqual([400, ['startedFrom']]);
  expect(await faults(`sort=durationMs&${window(31)}&x=1`)).toEqual([400, ['x']]);
  expect(await faults(`sort=durationMs&${window(31.001)}`)).toEqual([400, ['startedTo']]);
  expect(await faults(`sort=durationMs&${window(31)}`)).toEqual([200, undefined]);
  expect(await faults(`sort=durationMs&${window(-1)}`)).toEqual([200, undefined]);
});

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
  const secret = 'Jane Doe \u0000 +1 555 0100';
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
    { numRuns: 60, seed: 3 },
  );
});
