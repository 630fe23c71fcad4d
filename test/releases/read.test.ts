import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { BatchWriteItemCommand } from '@aws-sdk/client-dynamodb';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectionsFileSchema } from '#shared/domain/connections.ts';
import { identify } from '#shared/domain/identity.ts';
import { publishBatch } from '#shared/publish/publish-batch.ts';
import { isDeliveryKnown } from '#shared/storage/deliveries.ts';
import { listEventObjects, readEventObject } from '#shared/storage/event-log.ts';
import { readCopy } from '#shared/storage/media-copies.ts';
import { lookupOver, settleMs, type TestLookup } from '#test/functions/lookup/lookup-harness.ts';
import { fakeOutlets } from '#test/publish/fake-outlets.ts';
import { minute, openPolling, type Polling, record } from '#test/support/polling.ts';
import { changeOf, type Dump, dump, itemsOf, listedRecords } from './dump-process.ts';

const folder = resolve(import.meta.dirname, 'data');
const releases = readdirSync(folder);

const file = connectionsFileSchema.parse({
  connections: [{ id: 'toy', provider: 'talkdesk', credentials: { secret: 'x' } }],
  clients: [
    { clientId: 'crm', clientSecret: { secret: 'test/crm' }, scopes: ['interaction-content:read', 'operations:write'] },
  ],
});

it('there is the release before, and today leaves items of the same kinds at least', async () => {
  expect(releases.length).toBeGreaterThan(0);
  const polling = await openPolling();
  const today = kindsOf(await dump(polling));
  await polling.opened.close();
  for (const release of releases) {
    const before = kindsOf(JSON.parse(readFileSync(join(folder, release), 'utf8')));
    expect(
      [...before].filter((kind) => !today.has(kind)),
      release,
    ).toEqual([]);
  }
});

it('what is read as a whole says by which layout it was written', async () => {
  const polling = await openPolling();
  const { items } = await dump(polling);
  await polling.opened.close();
  const numbered = Map.groupBy(items, ({ pk, sk }) => (sk?.S === 'conversation' ? sk.S : (pk?.S?.split('#')[0] ?? '')));
  for (const kind of ['conversation', 'streams', 'operations', 'quarantine'])
    expect(
      numbered.get(kind)?.every((item) => 'm' in item),
      kind,
    ).toBe(true);
});

/** What stands before the first `#` of a partition; conversations stand under their uuids. */
const kindsOf = ({ items }: Dump): Set<string> =>
  new Set(items.map(({ pk, sk }) => (sk?.S === 'conversation' ? 'conversation' : (pk?.S?.split('#')[0] ?? ''))));

describe.each(releases)('data of the release %s, by today’s code', (release) => {
  const left: Dump = JSON.parse(readFileSync(join(folder, release), 'utf8'));
  const uuidOf = (id: string): string => identify('talkdesk', 'toy', id).uuid;
  let polling: Polling;
  let lookup: TestLookup;
  let token = '';
  const get = async (target: string) => (await lookup.get(target, token)).json();

  beforeAll(async () => {
    polling = await openPolling();
    const { store, dynamodb } = polling.opened;
    polling.clock = left.at + minute;
    const requests = itemsOf(left).map((Item) => ({ PutRequest: { Item } }));
    await dynamodb.client.send(new BatchWriteItemCommand({ RequestItems: { [dynamodb.table]: requests } }));
    for (const { key, contentType, base64 } of left.objects) {
      const Body = Buffer.from(base64, 'base64');
      await store.objects.send(
        new PutObjectCommand({ Bucket: store.bucket, Key: key, ContentType: contentType, Body }),
      );
    }
    lookup = lookupOver(store, { now: polling.clock }, file, settleMs);
    token = await lookup.token('crm');
  });
  afterAll(() => polling.opened.close());

  it('is found: by id, in lists, under its participants, with transcript and history', async () => {
    const { conversations } = await get('/v1/conversations?sort=updatedAt');
    expect(conversations.map(({ externalId }) => externalId).toSorted()).toEqual(['r1', 'r2', 'r3', 'r5']);
    const changed = await get(`/v1/conversations/toy:r1?include=transcript`);
    expect(changed).toMatchObject({
      title: 'changed',
      version: 2,
      transcript: { text: expect.stringContaining('hi') },
    });
    const history = await lookup.get('/v1/conversations/toy:r1/history', token);
    const versions: { version: number; changed: string[] }[] = JSON.parse(history.text).versions;
    expect(versions.find(({ version }) => version === 2)?.changed).toEqual(['title']);
    const long = await get('/v1/conversations/toy:r2?include=transcript');
    expect(long.transcript?.text.length).toBeGreaterThan(8_192);
    const [person] = changed.participants;
    const key = encodeURIComponent(person?.phone ?? person?.email ?? person?.id ?? '');
    expect((await get(`/v1/conversations?participant=${key}`)).conversations).toHaveLength(4);
  });

  it('has its operations, quarantine, deliveries and copies under way', async () => {
    const operations = await lookup.get('/v1/replays', token);
    expect(JSON.parse(operations.text).operations).toMatchObject([{ kind: 'replays', state: 'done' }]);
    const quarantined = await lookup.get('/v1/quarantine', token);
    expect(JSON.parse(quarantined.text).quarantined).toMatchObject([{ externalId: 'r4' }]);
    const { store } = polling.opened;
    expect(await isDeliveryKnown(store, { connection: 'toy', key: 'delivery-1' } as never)).toBe(true);
    expect((await readCopy(store, { uuid: uuidOf('r3'), key: 'recording-1' })).leaseUntil).toBeGreaterThan(0);
  });

  it('is replayed from its event log', async () => {
    const { store } = polling.opened;
    const events: string[] = [];
    for await (const { key } of listEventObjects(store, { from: '2026-01-01T00:00:00Z', to: '2100-01-01T00:00:00Z' })) {
      events.push(...(await readEventObject(store, key)).map(({ type }) => type));
    }
    expect(events).toContain('earshot.conversation.discovered.v1');
  });

  it('is polled on: what is known costs no version, what is new is stored, what is late comes and is told', async () => {
    const { store } = polling.opened;
    const before = itemsOf(left).find(({ pk, sk }) => pk?.S === uuidOf('r5') && sk?.S === 'conversation');
    const late = listedRecords.map((one) => (one.id === 'r5' ? { ...one, transcript: 'late' } : one));
    const toy = polling.toy({ records: () => [record(-30, { stamp: '2026-11-02T09:00:30Z' }), ...late] });
    polling.clock += 6 * minute;
    const summary = await polling.poll(toy);
    expect(summary).toMatchObject({ stopped: 'done', error: null, counts: { discovered: 1 } });
    expect((await polling.stored('r1'))?.conversation.version).toBe(2);
    expect((await polling.stored('r2'))?.conversation.version).toBe(1);
    const ready = await polling.stored('r5');
    expect(ready?.conversation).toMatchObject({ version: 2, artifacts: { transcript: { state: 'ready' } } });

    const fake = fakeOutlets();
    const change = await changeOf(polling, uuidOf('r5'), before);
    expect((await publishBatch({ ...fake.outlets, log: store }, [change])).batchItemFailures).toEqual([]);
    expect(fake.events().map(({ type }) => type)).toEqual(
      expect.arrayContaining(['earshot.conversation.updated.v1', 'earshot.transcript.ready.v1']),
    );
  });
});
