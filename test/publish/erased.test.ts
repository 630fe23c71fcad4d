import { afterAll, beforeAll, expect, it } from 'vitest';
import { indexBatch } from '#shared/publish/index-batch.ts';
import { publishBatch } from '#shared/publish/publish-batch.ts';
import { getItem, putVersion } from '#shared/storage/conversations.ts';
import { listConversations } from '#shared/storage/list-conversations.ts';
import { eraseRecord } from '#test/support/erase.ts';
import { epoch, recordOf } from '#test/support/records.ts';
import { type TestStore, testStore } from '#test/support/store.ts';
import { fakeOutlets } from './fake-outlets.ts';
import { erasure, step } from './stream-steps.ts';

let opened: TestStore;
beforeAll(async () => {
  opened = await testStore();
});
afterAll(() => opened.close());

const first = recordOf('c1');
const { uuid } = first.conversation;

it('is told once, by its ids alone, and leads to no further work', async () => {
  await putVersion(opened.store, first, 0);
  const stone = await eraseRecord(opened.store, uuid);
  const item = (await getItem(opened.store, uuid)) ?? {};
  const fake = fakeOutlets();
  const change = erasure(first, item);
  await publishBatch(fake.outlets, [change]);
  expect(fake.events()).toEqual([
    {
      ...{ specversion: '1.0', source: 'earshot', datacontenttype: 'application/json' },
      ...{ id: 'support:c1/2/earshot.conversation.erased.v1', type: 'earshot.conversation.erased.v1' },
      ...{ subject: 'support:c1', time: stone.at },
      data: {
        ...{ conversationId: 'support:c1', uuid, connection: 'support', provider: 'talkdesk', version: 2 },
        ...{ channel: 'unknown', direction: 'unknown', startedAt: null, changed: [], artifacts: {} },
        href: '/v1/conversations/support%3Ac1',
      },
    },
  ]);
  // What an erasure writes into its own tombstone afterwards is news to nobody.
  const later = { ...change, dynamodb: { ...change.dynamodb, OldImage: change.dynamodb?.NewImage ?? {} } };
  expect((await publishBatch(fake.outlets, [later])).batchItemFailures).toEqual([]);
  expect(fake.events()).toHaveLength(1);
});

it('takes it from the rows of its participants', async () => {
  const item = (await getItem(opened.store, uuid)) ?? {};
  const found = async () => {
    const asked = { index: 'byStart', order: 'asc', connections: ['support'], after: null, limit: 9 } as const;
    return (await listConversations(opened.store, { ...asked, participant: 'agent-1' })).conversations.length;
  };
  await indexBatch(opened.store, [step(null, first)], epoch);
  expect(await found()).toBe(1);
  await indexBatch(opened.store, [erasure(first, item)], epoch);
  expect(await found()).toBe(0);
});
