import { GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StoredRecord } from '#shared/domain/conversation.ts';
import { mergeRecord, nextVersion } from '#shared/domain/merge.ts';
import { makeTranscript } from '#shared/domain/transcript.ts';
import { indexes, itemAttributes } from '#shared/facts/table.ts';
import { getItem, getRecord, putVersion, readHeads } from '#shared/storage/conversations.ts';
import { listOpen } from '#shared/storage/due.ts';
import { quarantine } from '#shared/storage/quarantine.ts';
import { arbitraryObservation, awaiting, epoch, identityOf, recordOf } from '#test/support/records.ts';
import { type TestStore, testStore } from '#test/support/store.ts';

let opened: TestStore;
beforeAll(async () => {
  opened = await testStore();
});
afterAll(() => opened.close());

const uuidOf = ({ conversation }: StoredRecord): string => conversation.uuid;
const turn = (text: string) => ({
  participant: 0,
  role: 'agent' as const,
  text,
  startMs: 0,
  endMs: 1,
  sentiment: null,
  intent: null,
});
/** Text that packing cannot shrink much. */
const noise = (length: number): string =>
  Array.from({ length }, (_, i) => ((i * 7_919 * (i + 13)) % 4_093).toString(36)).join(' ');

describe('a conversation in the table', () => {
  it('comes back as it was put', async () => {
    let n = 0;
    await fc.assert(
      fc.asyncProperty(arbitraryObservation, async (seen) => {
        n += 1;
        const context = { identity: identityOf(`round-${n}`), expectation: awaiting('transcript'), now: epoch };
        const record = nextVersion(null, mergeRecord(null, seen, context), context.expectation, epoch);
        expect(await putVersion(opened.store, record, 0)).toBe(true);
        expect((await getRecord(opened.store, uuidOf(record)))?.record).toEqual(record);
      }),
      { numRuns: 40 },
    );
  });

  it('is won by one of many writers of the same version', async () => {
    const records = Array.from({ length: 20 }, (_, i) =>
      recordOf('race', { stamp: `2026-11-02T09:00:00.0000${10 + i}Z` }),
    );
    const won = await Promise.all(records.map((record) => putVersion(opened.store, record, 0)));
    expect(won.filter(Boolean)).toHaveLength(1);
  });

  it('takes a version only on top of the one it was made from', async () => {
    const first = recordOf('steps');
    const second = nextVersion(first.conversation, first, awaiting(), epoch);
    expect(await putVersion(opened.store, second, 1)).toBe(false);
    await putVersion(opened.store, first, 0);
    expect(await putVersion(opened.store, second, 1)).toBe(true);
    expect(await putVersion(opened.store, first, 0)).toBe(false);
    expect((await getRecord(opened.store, uuidOf(first)))?.record.conversation.version).toBe(2);
  });

  it('keeps a long transcript in the bucket and a short one in the item', async () => {
    const short = recordOf('short', {
      transcript: makeTranscript(null, [turn('hello')]),
      artifacts: { transcript: { state: 'ready' } },
    });
    const long = recordOf('long', {
      transcript: makeTranscript(null, [turn(noise(20_000))]),
      artifacts: { transcript: { state: 'ready' } },
    });
    for (const record of [short, long]) {
      await putVersion(opened.store, record, 0);
      expect((await getRecord(opened.store, uuidOf(record)))?.record.transcript).toEqual(record.transcript);
    }
    const objects = await opened.store.objects.send(
      new ListObjectsV2Command({ Bucket: opened.store.bucket, Prefix: 'transcripts/' }),
    );
    expect(objects.Contents?.map(({ Key }) => Key?.split('/')[1])).toEqual([uuidOf(long)]);
    expect(await getItem(opened.store, uuidOf(short))).toHaveProperty(itemAttributes.transcript);
    expect(await getItem(opened.store, uuidOf(long))).not.toHaveProperty(itemAttributes.transcript);
  });

  it('stands in the due index while an artifact is open, and no longer', async () => {
    const open = recordOf('open', {}, epoch, 'due');
    await putVersion(opened.store, open, 0);
    expect(await listOpen(opened.store, 'due', epoch - 1, epoch)).toEqual([{ uuid: uuidOf(open), firstSeenAt: epoch }]);
    expect(await listOpen(opened.store, 'due', epoch, epoch + 1)).toEqual([]);
    const artifacts = {
      transcript: { state: 'ready' as const, at: 'now' },
      sentiment: { state: 'absent' as const, at: 'now' },
    };
    const closed = nextVersion(
      open.conversation,
      { ...open, conversation: { ...open.conversation, artifacts } },
      awaiting(),
      epoch,
    );
    await putVersion(opened.store, closed, 1);
    expect(await listOpen(opened.store, 'due', epoch - 1, epoch)).toEqual([]);
  });

  it('gives the heads of a page of any size in one map', async () => {
    const records = Array.from({ length: 130 }, (_, i) => recordOf(`head-${i}`));
    await Promise.all(records.map((record) => putVersion(opened.store, record, 0)));
    const heads = await readHeads(opened.store, [...records.map(uuidOf), identityOf('nobody').uuid]);
    expect([...heads.keys()].sort()).toEqual(records.map(uuidOf).sort());
  });

  it('shows whole records in the time indexes, so that a list needs no second read', async () => {
    const record = recordOf('listed', {}, epoch, 'listing');
    await putVersion(opened.store, record, 0);
    const { byUpdate } = indexes;
    const page = await opened.store.documents.send(
      new QueryCommand({
        TableName: opened.store.table,
        IndexName: byUpdate.name,
        KeyConditionExpression: '#c = :c',
        ExpressionAttributeNames: { '#c': byUpdate.partition },
        ExpressionAttributeValues: { ':c': 'listing' },
      }),
    );
    expect(page.Items?.[0]).toMatchObject({
      [itemAttributes.record]: expect.any(Uint8Array),
      [itemAttributes.version]: 1,
    });
  });
});

describe('quarantine', () => {
  it('keeps the raw bytes, once, and the newest of a record', async () => {
    const bad = {
      connection: 'bad',
      stream: 's',
      externalId: 'x',
      reason: 'title: expected text',
      raw: '{"id":"x","title":7}',
    };
    const entries = async () => {
      const page = await opened.store.documents.send(
        new QueryCommand({
          TableName: opened.store.table,
          KeyConditionExpression: 'pk = :p',
          ExpressionAttributeValues: { ':p': 'quarantine#bad' },
        }),
      );
      return page.Items ?? [];
    };
    await quarantine(opened.store, bad, epoch);
    await quarantine(opened.store, bad, epoch + 1);
    expect(await entries()).toMatchObject([{ externalId: 'x', at: '2026-11-02T09:00:00.000Z', bytes: 20 }]);
    await quarantine(opened.store, { ...bad, raw: '{"id":"x"}' }, epoch + 2);
    const [entry] = await entries();
    const object = await opened.store.objects.send(
      new GetObjectCommand({ Bucket: opened.store.bucket, Key: entry?.['object'] }),
    );
    expect(await object.Body?.transformToString()).toBe('{"id":"x"}');
    expect(await entries()).toHaveLength(1);
  });
});
