import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Store } from '#shared/storage/document-client.ts';
import { openPolling, type Polling, record } from '#test/support/polling.ts';
import { epoch } from '#test/support/records.ts';

/** A run's store whose first put of a conversation takes eight seconds; `answer` decides what the run hears of it. */
let polling: Polling;
beforeEach(async () => {
  polling = await openPolling();
});
afterEach(() => polling.opened.close());

function slowStore(answer: 'heard' | 'lost'): Store {
  const { store } = polling.opened;
  let slow = true;
  const send = async (command: { constructor: { name: string } }): Promise<unknown> => {
    const result = await store.documents.send(command as never);
    if (!slow || command.constructor.name !== 'PutCommand') return result;
    slow = false;
    polling.clock += 8_000;
    // The SDK repeats a request whose answer did not come.
    return answer === 'heard' ? result : store.documents.send(command as never);
  };
  return { ...store, documents: { send } as never };
}

it('renews the stamp of a version that was long on its way', async () => {
  await polling.poll(polling.toy({ records: () => [record(1)] }), slowStore('heard'));
  expect((await polling.stored('r1'))?.conversation).toMatchObject({
    version: 1,
    updatedAt: new Date(epoch + 8_000).toISOString(),
  });
});

it('renews it too where the answer was lost and the repeat met the first writing', async () => {
  await polling.poll(polling.toy({ records: () => [record(1)] }), slowStore('lost'));
  expect((await polling.stored('r1'))?.conversation).toMatchObject({
    version: 1,
    updatedAt: new Date(epoch + 8_000).toISOString(),
  });
});

it('leaves the stamp of a quick one', async () => {
  await polling.poll(polling.toy({ records: () => [record(1)] }));
  expect((await polling.stored('r1'))?.conversation.updatedAt).toBe(new Date(epoch).toISOString());
});
