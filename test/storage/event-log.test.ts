import { PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { driftEvent } from '#shared/domain/drift.ts';
import type { EarshotEvent } from '#shared/domain/events.ts';
import { appendEvents, type EventObject, listEventObjects, readEventObject } from '#shared/storage/event-log.ts';
import { type TestStore, testStore } from '#test/support/store.ts';

let opened: TestStore;
beforeAll(async () => {
  opened = await testStore();
});
afterAll(() => opened.close());

const eventAt = (at: string, field = 'a.b'): EarshotEvent =>
  driftEvent({ connection: 'support', provider: 'vonage', field, at });
async function list(from: string, to: string, after?: string): Promise<EventObject[]> {
  const found: EventObject[] = [];
  for await (const object of listEventObjects(opened.store, { from, to }, after)) found.push(object);
  return found;
}
const name = (hour: string, sequence: string, count: number): string =>
  `events/${hour}/${sequence.padStart(40, '0')}-${count}.ndjson.gz`;

it('keeps events by the hour of their time, and lists them by hour and sequence number', async () => {
  const { store } = opened;
  const late = [
    eventAt('2026-03-02T10:00:00.000Z'),
    eventAt('2026-03-02T09:59:59.999Z', 'é'),
    eventAt('2026-03-02T10:30:00.000Z'),
  ];
  await appendEvents(store, '900', late);
  await appendEvents(store, '10000', [eventAt('2026-03-02T10:01:00.000Z')]);
  await appendEvents(store, '20', [eventAt('2026-03-03T00:00:00.000Z')]);
  await appendEvents(store, '900', late);
  await appendEvents(store, '7', []);
  await store.objects.send(
    new PutObjectCommand({ Bucket: store.bucket, Key: 'events/2026-03-02T10/stray', Body: 'x' }),
  );

  const all = await list('2026-01-01T00:00:00.000Z', '2027-01-01T00:00:00.000Z');
  expect(all).toEqual([
    { key: name('2026-03-02T09', '900', 1), hour: '2026-03-02T09', count: 1 },
    { key: name('2026-03-02T10', '900', 2), hour: '2026-03-02T10', count: 2 },
    { key: name('2026-03-02T10', '10000', 1), hour: '2026-03-02T10', count: 1 },
    { key: name('2026-03-03T00', '20', 1), hour: '2026-03-03T00', count: 1 },
  ]);
  expect(await readEventObject(store, name('2026-03-02T10', '900', 2))).toEqual([late[0], late[2]]);
  expect(await readEventObject(store, name('2026-03-02T09', '900', 1))).toEqual([late[1]]);

  // An hour counts when a part of it is asked for; the end is not.
  const hours = async (from: string, to: string) => (await list(from, to)).map(({ hour }) => hour.slice(8));
  expect(await hours('2026-03-02T10:59:59.999Z', '2026-03-03T00:00:00.000Z')).toEqual(['02T10', '02T10']);
  expect(await hours('2026-03-02T09:59:00.000Z', '2026-03-02T10:00:00.001Z')).toEqual(['02T09', '02T10', '02T10']);
  expect(await hours('2026-03-02T11:00:00.000Z', '2026-03-03T00:00:00.000Z')).toEqual([]);
  expect(await list('2026-03-02T00:00:00.000Z', '2026-03-03T00:00:00.000Z', all[1]?.key)).toEqual([all[2]]);
});

it('says so where an object is not there', async () => {
  await expect(readEventObject(opened.store, name('2026-03-02T09', '1', 1))).rejects.toThrow();
});
