import type { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { identify } from '#shared/domain/identity.ts';
import { itemAttributes } from '#shared/facts/table.ts';
import { getItem } from '#shared/storage/conversations.ts';
import { holdConversation, releaseConversation } from '#shared/storage/holds.ts';
import { minute, openPolling, type Polling, record } from '#test/support/polling.ts';

let polling: Polling;
beforeEach(async () => {
  polling = await openPolling();
});
afterEach(() => polling.opened.close());

const { uuid } = identify('talkdesk', 'toy', 'r1');
const since = '2026-11-02T09:00:00.000Z';
const held = async () => (await getItem(polling.opened.store, uuid))?.[itemAttributes.hold];
const version = async () => (await getItem(polling.opened.store, uuid))?.[itemAttributes.version];

it('every version of a held conversation carries the hold on', async () => {
  let title = 'first';
  const provider = polling.toy({ records: () => [record(1, { title })] });
  await polling.poll(provider);
  await holdConversation(polling.opened.store, uuid, since);
  title = 'second';
  polling.clock += minute;
  await polling.poll(provider);
  expect([await held(), await version()]).toEqual([since, 2]);
});

it('a hold that is set or ended while a version is made is neither lost nor brought back', async () => {
  let title = 'first';
  const provider = polling.toy({ records: () => [record(1, { title })], withDetail: true });
  await polling.poll(provider);
  const { store } = polling.opened;
  /** The version is made on top of what stood there before `meanwhile`. */
  const pollWhile = async (meanwhile: () => Promise<unknown>): Promise<void> => {
    let isDone = false;
    const send = async (command: PutCommand): Promise<unknown> => {
      if (!isDone && command.input.Item?.['pk'] === uuid) {
        isDone = true;
        await meanwhile();
      }
      return store.documents.send(command);
    };
    const documents = Object.create(store.documents, { send: { value: send } });
    // Not so far that the window leaves the record behind.
    polling.clock += minute / 4;
    await polling.poll(provider, { ...store, documents });
    expect(isDone).toBe(true);
  };
  title = 'second';
  await pollWhile(() => holdConversation(store, uuid, since));
  expect([await held(), await version()]).toEqual([since, 2]);
  title = 'third';
  await pollWhile(() => releaseConversation(store, uuid));
  expect([await held(), await version()]).toEqual([undefined, 3]);
});
