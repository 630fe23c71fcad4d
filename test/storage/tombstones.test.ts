import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { indexes, itemAttributes, tableKeys } from '#shared/facts/table.ts';
import { conversationKey } from '#shared/storage/conversation-item.ts';
import { getItem, getKnown, getRecord, putVersion, readHeads, readKnown } from '#shared/storage/conversations.ts';
import { putTombstone } from '#shared/storage/tombstones.ts';
import { eraseRecord } from '#test/support/erase.ts';
import { contentOf, identityOf, recordOf } from '#test/support/records.ts';
import { type TestStore, testStore } from '#test/support/store.ts';

let opened: TestStore;
beforeAll(async () => {
  opened = await testStore();
});
afterAll(() => opened.close());

const person = { id: null, role: 'customer' as const, name: 'Ada Byron', phone: '+441632960111', email: null };
const stored = async (id: string): Promise<string> => {
  const record = recordOf(id, { content: contentOf({ participants: [person] }) });
  await putVersion(opened.store, record, 0);
  return record.conversation.uuid;
};

it('leaves which conversation it was, and nothing of it or by which it would be listed', async () => {
  const uuid = await stored('t1');
  const stone = await eraseRecord(opened.store, uuid);
  expect(await getKnown(opened.store, uuid)).toEqual(stone);
  const item = (await getItem(opened.store, uuid)) ?? {};
  const keys = Object.values(indexes).flatMap(({ partition, sort }) => [partition, sort]);
  const content = [itemAttributes.record, itemAttributes.transcript, itemAttributes.hash, itemAttributes.history];
  for (const name of [...keys, ...content]) expect(item).not.toHaveProperty(name);
  expect(item).toHaveProperty(itemAttributes.schema);
  expect(JSON.stringify(item)).not.toMatch(/Ada|1632/);
});

it('is told apart from what is stored and from what never was', async () => {
  const [gone, there] = [await stored('t2'), await stored('t3')];
  const stone = await eraseRecord(opened.store, gone);
  const known = await readKnown(opened.store, [gone, there, identityOf('nobody').uuid]);
  expect([...known.keys()].sort()).toEqual([gone, there].sort());
  expect(known.get(gone)).toEqual(stone);
  expect([...(await readHeads(opened.store, [gone, there])).keys()]).toEqual([there]);
  expect(await getRecord(opened.store, gone)).toBeNull();
});

it('lets no version be written in its place, whatever that was made from', async () => {
  const uuid = await stored('t4');
  const known = await getRecord(opened.store, uuid);
  if (!known) throw new TypeError('not stored');
  await eraseRecord(opened.store, uuid);
  const next = { ...known.record, conversation: { ...known.record.conversation, version: 2 } };
  expect(await putVersion(opened.store, known.record, 0)).toBe(false);
  expect(await putVersion(opened.store, next, 1)).toBe(false);
  expect(await getKnown(opened.store, uuid)).toHaveProperty('end', 'erased');
});

it('is refused where another version has come, over another tombstone, and while the conversation is held', async () => {
  const [changed, gone, held] = [await stored('t5'), await stored('t6'), await stored('t7')];
  const known = await getRecord(opened.store, changed);
  if (!known) throw new TypeError('not stored');
  const second = { ...known.record, conversation: { ...known.record.conversation, version: 2 } };
  expect(await putVersion(opened.store, second, 1)).toBe(true);
  const stone = await eraseRecord(opened.store, gone);
  expect(await putTombstone(opened.store, { ...stone, ...identityOf('t5'), version: 2 })).toBe(false);
  expect(await putTombstone(opened.store, { ...stone, version: stone.version + 1 })).toBe(false);
  await opened.store.documents.send(
    new UpdateCommand({
      TableName: opened.store.table,
      Key: conversationKey(held),
      UpdateExpression: 'SET #hold = :at',
      ExpressionAttributeNames: { '#hold': itemAttributes.hold },
      ExpressionAttributeValues: { ':at': stone.at },
    }),
  );
  expect(await putTombstone(opened.store, { ...stone, ...identityOf('t7'), version: 2 })).toBe(false);
  expect(await getItem(opened.store, held)).toHaveProperty(tableKeys.partition, held);
});
