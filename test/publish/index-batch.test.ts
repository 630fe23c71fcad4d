import type { DynamoDBRecord } from 'aws-lambda';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { StoredRecord } from '#shared/domain/conversation.ts';
import { indexBatch } from '#shared/publish/index-batch.ts';
import { documentsOver } from '#shared/storage/document-client.ts';
import { listConversations } from '#shared/storage/list-conversations.ts';
import { type TestDynamodb, testDynamodb } from '#test/support/dynamodb.ts';
import { epoch, recordOf } from '#test/support/records.ts';
import { image, step } from './stream-steps.ts';

let database: TestDynamodb;
let store: { documents: ReturnType<typeof documentsOver>; table: string };
beforeAll(async () => {
  database = await testDynamodb();
  store = { documents: documentsOver(database.client), table: database.table };
});
afterAll(() => database.close());

/** A version of a conversation in which these people took part. */
function versionOf(externalId: string, version: number, ...people: string[]): StoredRecord {
  const { conversation, transcript } = recordOf(externalId);
  const participants = people.map((id) => ({ id, role: 'agent' as const, name: null, phone: null, email: null }));
  return { conversation: { ...conversation, version, participants }, transcript };
}

/** As Lambda shows it, with the item's key. */
function change(before: StoredRecord | null, after: StoredRecord): DynamoDBRecord {
  const record = step(before, after);
  const { pk, sk } = record.dynamodb?.NewImage ?? {};
  return { ...record, dynamodb: { ...record.dynamodb, ...(pk && sk && { Keys: { pk, sk } }) } };
}

function removal(before: StoredRecord): DynamoDBRecord {
  const { pk, sk, ...rest } = image(before);
  return { eventName: 'REMOVE', dynamodb: { Keys: { pk, sk }, OldImage: { pk, sk, ...rest }, SequenceNumber: '9' } };
}

async function found(participant: string): Promise<string[]> {
  const { conversations } = await listConversations(store, {
    ...{ index: 'byStart', order: 'asc', connections: ['support'], after: null, limit: 100, participant },
  });
  return conversations.map(({ externalId, version }) => `${externalId}/${version}`).sort();
}

const [a1, a2, a3] = [versionOf('a', 1, 'ann'), versionOf('a', 2, 'ann', 'bob'), versionOf('a', 3, 'bob')];
const b1 = versionOf('b', 1, 'ann', 'bob');
const batch = [change(null, a1), change(null, b1), change(a1, a2), change(a2, a3)];

it('writes what a batch calls for, the same when it comes again, whole or in part', async () => {
  await indexBatch(store, batch, epoch);
  for (const again of [batch, batch.slice(0, 3), batch.slice(2)]) {
    expect([await found('ann'), await found('bob')]).toEqual([['b/1'], ['a/3', 'b/1']]);
    await indexBatch(store, again, epoch);
  }
  expect([await found('ann'), await found('bob')]).toEqual([['b/1'], ['a/3', 'b/1']]);
});

it('writes each place once, whatever a batch does to it, and first what is there', async () => {
  const sent: string[] = [];
  const send = async (command: { input: { Item: Record<string, unknown> } }) => {
    sent.push('r' in command.input.Item ? `put ${command.input.Item['v']}` : `mark ${command.input.Item['v']}`);
  };
  const watched = { documents: { send }, table: 'watched' } as unknown as typeof store;
  await indexBatch(watched, [change(null, a1), change(a1, a2), change(a2, a3)], epoch);
  // In the wrong order, as somebody may try dead letters again: the newer is not lost.
  await indexBatch(watched, [change(a2, a3), change(a1, a2)], epoch);
  expect(sent).toEqual(['put 3', 'mark 3', 'put 3', 'mark 3']);
});

it('takes away what is found of a conversation that is removed', async () => {
  await indexBatch(store, [removal(b1)], epoch);
  await indexBatch(store, [change(null, b1)], epoch);
  expect([await found('ann'), await found('bob')]).toEqual([[], ['a/3']]);
});

it('leaves changes of other items alone, its own rows among them', async () => {
  const other = { ...step(null, a1), dynamodb: { NewImage: { pk: { S: 'streams' }, sk: { S: 'support#records' } } } };
  await indexBatch(store, [other, { eventName: 'REMOVE', dynamodb: {} }, { eventName: 'REMOVE' }], epoch);
  expect(await found('bob')).toEqual(['a/3']);
});

it('fails where the table does, so that the batch comes again', async () => {
  const documents = { send: () => Promise.reject(new Error('throttled')) };
  const away = { documents, table: 'away' } as unknown as typeof store;
  await expect(indexBatch(away, batch, epoch)).rejects.toThrow('throttled');
});
