import { afterEach, beforeEach, expect, it } from 'vitest';
import { type HistoryEntry, readHistory } from '#shared/domain/history.ts';
import { identify } from '#shared/domain/identity.ts';
import { formatInstant } from '#shared/domain/instant.ts';
import { writeVersion } from '#shared/ingest/write-version.ts';
import { getRecord } from '#shared/storage/conversations.ts';
import { minute, openPolling, type Polling, record } from '#test/support/polling.ts';
import { awaiting, epoch } from '#test/support/records.ts';
import type { ToyRecord } from '#test/support/toy-provider.ts';

let polling: Polling;
beforeEach(async () => {
  polling = await openPolling();
});
afterEach(() => polling.opened.close());

const uuidOf = (id: string): string => identify('talkdesk', 'toy', id).uuid;

async function historyOf(id: string): Promise<HistoryEntry[]> {
  const known = await getRecord(polling.opened.store, uuidOf(id));
  return known ? readHistory({ conversation: known.record.conversation, history: known.history }) : [];
}

/** What the first version of a toy record changes. */
const everything = [
  ...['categories', 'channel', 'connection', 'direction', 'durationMs', 'endedAt', 'externalId', 'id', 'language'],
  ...['media', 'metadata', 'participants', 'provider', 'source', 'startedAt', 'status', 'title', 'transcript', 'uuid'],
];

it('each version tells its lane, and what it changed', async () => {
  const { transcript: _, ...silent } = record(1);
  const records: ToyRecord[] = [silent, { ...record(2), at: epoch - 40 * minute }];
  const connection = { recheck: ['1m', '5m'], lookback: '10s', backfill: '1h' };
  const provider = polling.toy({ records: () => records, connection });
  await polling.poll(provider);
  records[0] = { ...silent, title: 'another' };
  polling.clock = epoch + 1_000;
  await polling.poll(provider);
  // Behind it the live window has moved on.
  polling.clock = epoch + 30_000;
  await polling.poll(provider);
  records[0] = { ...record(1), title: 'another', transcript: 'at last' };
  polling.clock = epoch + 62_000;
  await polling.poll(provider);
  expect(await historyOf('r1')).toEqual([
    { version: 1, at: formatInstant(epoch), cause: 'poll', changed: everything },
    { version: 2, at: formatInstant(epoch + 1_000), cause: 'poll', changed: ['title'] },
    { version: 3, at: formatInstant(epoch + 62_000), cause: 'recheck', changed: ['transcript'] },
  ]);
  expect(await historyOf('r2')).toEqual([
    { version: 1, at: formatInstant(epoch), cause: 'backfill', changed: everything },
  ]);
});

it('a version without a cause of its own has that of the one before, and what is no version leaves no entry', async () => {
  const provider = polling.toy({ records: () => [record(1)], connection: { backfill: '1h' } });
  await polling.poll(provider);
  const { store } = polling.opened;
  const context = { store, now: () => polling.clock, slowPutMs: 5_000, expectation: awaiting('transcript') };
  const amend = (summary: string) =>
    writeVersion(context, uuidOf('r1'), true, (current) => {
      return current && { ...current, conversation: { ...current.conversation, summary } };
    });
  polling.clock = epoch + 5_000;
  // Read at the put and behind it, the clock says that it took long: the stamp is renewed on top of the same version.
  let reads = 0;
  const slow = { ...context, now: () => polling.clock + 10_000 * reads++ };
  await writeVersion(slow, uuidOf('r1'), true, (current) => {
    return current && { ...current, conversation: { ...current.conversation, title: 'renewed' } };
  });
  polling.clock = epoch + 60_000;
  expect([await amend('They talked.'), await amend('They talked.')]).toEqual(['updated', 'unchanged']);
  const told = (await historyOf('r1')).map(({ version, cause, changed }) => [version, cause, changed]);
  expect(told).toEqual([
    [1, 'poll', everything],
    [2, 'poll', ['title']],
    [3, 'poll', ['summary']],
  ]);
  const renewed = (await historyOf('r1'))[1]?.at ?? '';
  expect(Date.parse(renewed)).toBeGreaterThan(epoch + 10_000);
});
