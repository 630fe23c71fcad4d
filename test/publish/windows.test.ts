import type { DynamoDBRecord } from 'aws-lambda';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ChangeFeed } from '#infra/local/dynamodb/change-feed.ts';
import { earshotEventSchema } from '#shared/domain/events.ts';
import { formatInstant } from '#shared/domain/instant.ts';
import { hourOf } from '#shared/domain/ledger.ts';
import { publishBatch } from '#shared/publish/publish-batch.ts';
import { documentsOver } from '#shared/storage/document-client.ts';
import { cutGaps, getHour, type HourRow, listHours, putHour } from '#shared/storage/ledger-rows.ts';
import { openEmbedded } from '#test/support/embedded-dynamodb.ts';
import { epoch } from '#test/support/records.ts';
import { createEarshotTable } from '#test/support/table.ts';
import { type FakeOutlets, fakeOutlets } from './fake-outlets.ts';

const table = 'earshot';
let fake: FakeOutlets;
let feed: ChangeFeed;
let store: { documents: ReturnType<typeof documentsOver>; table: string };

beforeEach(async () => {
  fake = fakeOutlets();
  const embedded = await openEmbedded();
  feed = embedded.feed;
  store = { documents: documentsOver(embedded.client()), table };
  await createEarshotTable(embedded.client(), table);
});
afterEach(() => store.documents.destroy());

const gap: HourRow = {
  ...{ connection: 'a', provider: 'vonage', hour: hourOf(epoch), reading: 1 },
  ...{ verifiedAt: formatInstant(epoch), computedAt: formatInstant(epoch + 1) },
  ...{ listed: 3, stored: 1, quarantined: 1, erased: 0, expired: 0, missingAtSource: 0 },
  ...{ artifacts: { transcript: { ready: 1, overdue: 2 }, __proto__x: {} }, gaps: ['x'], isCut: false },
  ...{ ids: 2, isOpen: true },
};
const again: HourRow = { ...gap, computedAt: formatInstant(epoch + 2), stored: 1 };
const closed: HourRow = {
  ...again,
  reading: 2,
  computedAt: formatInstant(epoch + 3),
  stored: 2,
  gaps: [],
  isOpen: false,
};

it('each reading of an hour is told once, and books that were computed again are not', async () => {
  expect(await putHour(store, gap, null)).toBe(true);
  expect(await putHour(store, again, gap)).toBe(true);
  expect(await putHour(store, closed, again)).toBe(true);
  const records = (await feed.read(table, '', 1_000)) as unknown as DynamoDBRecord[];
  expect(await publishBatch(fake.outlets, records)).toEqual({ batchItemFailures: [] });
  const events = fake.events();
  expect(events.map(({ id }) => id)).toEqual([
    'a/2026-11-02T09:00:00.000Z/1/earshot.window.gap.v1',
    'a/2026-11-02T09:00:00.000Z/2/earshot.window.verified.v1',
  ]);
  for (const event of events) expect(earshotEventSchema.parse(event)).toEqual(event);
  expect(events[0]?.data).toMatchObject({ listed: 3, stored: 1, missing: 1, missingIds: ['x'] });
});

it('a row is put on top of the one that it was made from only, and read as it was written', async () => {
  expect(await putHour(store, gap, null)).toBe(true);
  expect(await putHour(store, gap, null)).toBe(false);
  expect(await putHour(store, closed, again)).toBe(false);
  expect(await getHour(store, gap)).toEqual(gap);
  expect(await listHours(store, 'a', { from: gap.hour, to: gap.hour + 1 })).toEqual([gap]);
});

it('a row holds as many ids as are cheap, and says where there are more', () => {
  const ids = Array.from({ length: 1_000 }, (_, n) => `id-${n}`);
  const { gaps, isCut } = cutGaps(ids);
  expect(isCut).toBe(true);
  expect(gaps).toEqual(ids.slice(0, gaps.length));
  expect(JSON.stringify(gaps).length).toBeLessThanOrEqual(4_096);
  expect(cutGaps(ids.slice(0, 9))).toEqual({ gaps: ids.slice(0, 9), isCut: false });
});
