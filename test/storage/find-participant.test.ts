import { afterAll, beforeAll, expect, it } from 'vitest';
import type { StoredRecord } from '#shared/domain/conversation.ts';
import type { Participant } from '#shared/domain/participant.ts';
import { indexBatch, removeRows } from '#shared/publish/index-batch.ts';
import { uuidsOfParticipant } from '#shared/storage/find-participant.ts';
import { step } from '#test/publish/stream-steps.ts';
import { contentOf, epoch, identityOf, recordOf } from '#test/support/records.ts';
import { type TestStore, testStore } from '#test/support/store.ts';
import { itemTexts } from '#test/support/texts.ts';

let opened: TestStore;
beforeAll(async () => {
  opened = await testStore();
});
afterAll(() => opened.close());

const listener = (n: number): Participant => ({
  ...{ id: `listener-${n}`, role: 'customer', name: null, phone: null, email: null },
});

/** A version of a conversation with so many listeners, the last of whom has a phone. */
function versionOf(id: string, version: number, listeners: number): StoredRecord {
  const people = Array.from({ length: listeners }, (_, n) => listener(n));
  const participants = [...people.slice(0, -1), { ...listener(listeners - 1), phone: '+44 1632 960111' }];
  const { conversation, transcript } = recordOf(id);
  return { transcript, conversation: { ...conversation, ...contentOf({ participants }), version } };
}

const find = (participant: string, most = 9): Promise<string[]> =>
  uuidsOfParticipant(opened.store, ['support'], participant, most);

it('a person is found among more participants than have rows, and is not where they were', async () => {
  const [broadcast, other] = [versionOf('broadcast', 1, 250), versionOf('other', 1, 160)];
  await indexBatch(opened.store, [step(null, broadcast), step(null, other)], epoch);
  const uuids = [identityOf('broadcast').uuid, identityOf('other').uuid];
  expect((await find('00441632960111')).sort()).toEqual(uuids.toSorted());
  expect((await find('listener-5')).sort()).toEqual(uuids.toSorted());
  expect(await find('listener-200')).toEqual(uuids.slice(0, 1));
  expect(await find('listener-300')).toEqual([]);
  expect(await find('+441632960111', 0)).toHaveLength(1);
  const fewer = versionOf('broadcast', 2, 3);
  await indexBatch(opened.store, [step(broadcast, fewer)], epoch);
  expect(await find('listener-200')).toEqual([]);
  expect((await find('+441632960111')).sort()).toEqual(uuids.toSorted());
});

it('nothing is left of its rows behind an erasure', async () => {
  const broadcast = versionOf('broadcast', 1, 250);
  await removeRows(opened.store, [
    step(broadcast, versionOf('broadcast', 2, 3)),
    step(null, versionOf('other', 1, 160)),
  ]);
  expect([...(await itemTexts(opened.store)).keys()]).toEqual([]);
});
