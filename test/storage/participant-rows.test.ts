import type { QueryCommand } from '@aws-sdk/lib-dynamodb';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StoredConversation } from '#shared/domain/conversation.ts';
import { formatInstant } from '#shared/domain/instant.ts';
import type { Participant } from '#shared/domain/participant.ts';
import { participantKeys } from '#shared/domain/participant-key.ts';
import { participantPrefix } from '#shared/facts/table.ts';
import { type ConversationItem, packConversation } from '#shared/storage/conversation-item.ts';
import { documentsOver } from '#shared/storage/document-client.ts';
import { listConversations } from '#shared/storage/list-conversations.ts';
import { participantPartition, participantRows, putParticipantRow } from '#shared/storage/participant-rows.ts';
import { meterWrites, type Write } from '#test/bench/write-meter.ts';
import { type TestDynamodb, testDynamodb } from '#test/support/dynamodb.ts';
import { epoch, recordOf } from '#test/support/records.ts';

let database: TestDynamodb;
type Table = { documents: ReturnType<typeof documentsOver>; table: string };
let store: Table;
/** the same table, its writes billed */
let metered: Table;
let writes: Write[] = [];

beforeAll(async () => {
  database = await testDynamodb();
  store = { documents: documentsOver(database.client), table: database.table };
  const client = database.another();
  writes = meterWrites(client, database.client);
  metered = { documents: documentsOver(client), table: database.table };
});
afterAll(() => database.close());

const person = (given: Partial<Participant>): Participant => ({
  ...{ id: null, role: 'customer', name: null, phone: null, email: null },
  ...given,
});

type Given = { version: number; people: readonly string[]; second?: number | null; stamp?: number };

/** A version of one conversation, with these people by e-mail. */
function versionOf(externalId: string, { version, people, second = 0, stamp = version }: Given): StoredConversation {
  return {
    ...recordOf(externalId, {}, epoch, 'support').conversation,
    participants: people.map((name) => person({ email: `${name}@example.com` })),
    startedAt: second === null ? null : formatInstant(epoch + second * 1_000),
    updatedAt: formatInstant(epoch + stamp * 1_000),
    version,
  };
}
const itemOf = (conversation: StoredConversation): ConversationItem =>
  packConversation({ conversation, transcript: null }, Buffer.alloc(16), null);

/** What the function that follows the stream does of each step. */
async function index(
  before: StoredConversation | null,
  after: StoredConversation | null,
  into: Table = store,
): Promise<void> {
  const step = { before: before && itemOf(before), after: after && itemOf(after) };
  for (const row of participantRows(step, epoch)) await putParticipantRow(into, row);
}

const listed = async (name: string, order: 'asc' | 'desc' = 'desc') => {
  const request = { index: 'byStart', order, connections: ['support'], after: null, limit: 100 } as const;
  return (await listConversations(store, { ...request, participant: `${name}@EXAMPLE.com` })).conversations;
};
const found = async (name: string): Promise<string[]> =>
  (await listed(name)).map(({ externalId, version }) => `${externalId}/${version}`);

describe('rows by participant', () => {
  it('carry the newest version, and mark what it lost', async () => {
    const [first, second, third] = [
      versionOf('a', { version: 1, people: ['ann', 'bob'] }),
      versionOf('a', { version: 2, people: ['ann', 'cem'], second: 9 }),
      versionOf('a', { version: 3, people: ['bob'], second: null }),
    ];
    await index(null, first);
    expect([await found('ann'), await found('bob'), await found('cem')]).toEqual([['a/1'], ['a/1'], []]);
    await index(first, second);
    expect([await found('ann'), await found('bob'), await found('cem')]).toEqual([['a/2'], [], ['a/2']]);
    expect(await listed('cem')).toEqual([second]);
    await index(second, third);
    expect([await found('ann'), await found('bob'), await found('cem')]).toEqual([[], ['a/3'], []]);
    // Late, again, and out of order: each finds itself refused.
    await index(first, second);
    await index(null, first);
    expect([await found('ann'), await found('bob'), await found('cem')]).toEqual([[], ['a/3'], []]);
    await index(third, null);
    await index(second, third);
    expect(await found('bob')).toEqual([]);
  });

  it('end the same whatever steps come again, late or out of order, once each has come', async () => {
    let n = 0;
    const people = fc.subarray(['p', 'q', 'r'], { minLength: 1 });
    const version = fc.record({ people, second: fc.constantFrom(0, 1, null) });
    const history = fc.array(version, { minLength: 2, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(history, fc.infiniteStream(fc.nat()), async (given, places) => {
        n += 1;
        const versions = given.map((one, i) => versionOf(`any-${n}`, { ...one, version: i + 1 }));
        const steps = versions.map((after, i) => [versions[i - 1] ?? null, after] as const);
        const shuffled = [...steps, ...steps].toSorted(() => (places.next().value % 2 === 0 ? 1 : -1));
        for (const [before, after] of shuffled) await index(before, after);
        const last = given.at(-1);
        for (const name of ['p', 'q', 'r']) {
          const own = (await listed(name)).filter(({ externalId }) => externalId === `any-${n}`);
          expect(own).toEqual(last?.people.includes(name) ? [versions.at(-1)] : []);
        }
      }),
      { numRuns: 8, seed: 4 },
    );
  });

  it('take what a write renews beside the version, and nothing older of the same version', async () => {
    const young = versionOf('renewed', { version: 1, people: ['dee'], stamp: 9 });
    const old = versionOf('renewed', { version: 1, people: ['dee'], stamp: 1 });
    await index(null, old);
    await index(old, young);
    await index(null, old);
    expect(await listed('dee')).toEqual([young]);
  });

  it('cost one write unit for each distinct key, named by none, and one again for each that is lost', async () => {
    const people = [
      person({ id: '2071', phone: '+441632960111', email: 'Ann@Example.com' }),
      person({ id: '2071', phone: '0044 1632 960111', email: 'ann@example.com' }),
      person({ phone: '+441632960222' }),
    ];
    const first = { ...versionOf('units', { version: 1, people: [] }), participants: people };
    await index(null, first, metered);
    expect(writes.map(({ units }) => units.total)).toEqual([1, 1, 1, 1]);
    const keys = writes.splice(0).map(({ partition, sort }) => `${partition} ${sort}`);
    expect(keys.every((key) => key.startsWith(`${participantPrefix}support#`))).toBe(true);
    expect(keys.join(' ')).not.toMatch(/@|1632|ann/i);
    await index(first, { ...first, version: 2, participants: people.slice(0, 2) }, metered);
    expect(writes.map(({ units }) => units.total)).toEqual([1, 1, 1, 1]);
  });

  it('are one query a page, and one row more than the page', async () => {
    const many = Array.from({ length: 30 }, (_, i) =>
      versionOf(`many-${i}`, { version: 1, people: ['eve'], second: i }),
    );
    for (const one of many) await index(null, one);
    const asked: number[] = [];
    const documents = {
      send: async (command: QueryCommand) => {
        const answer = await store.documents.send(command);
        asked.push(answer.Count ?? 0);
        return answer;
      },
    };
    const page = await listConversations({ documents, table: store.table } as never, {
      ...{ index: 'byStart', order: 'asc', connections: ['support'], participant: 'eve@example.com' },
      ...{ after: null, limit: 25 },
    });
    expect(page.conversations.map(({ externalId }) => externalId)).toEqual(
      many.slice(0, 25).map(({ externalId }) => externalId),
    );
    expect(asked).toEqual([26]);
  });

  it('are those of a connection, however a key is written', () => {
    expect(participantPartition('a', '+441632960111')).toBe(participantPartition('a', ' 44 1632 960111'));
    expect(participantPartition('a', 'x')).not.toBe(participantPartition('b', 'x'));
  });

  it('are bounded for a conversation with endless participants', () => {
    const people = Array.from({ length: 5_000 }, (_, i) => person({ id: `listener-${i}` }));
    const item = itemOf({ ...versionOf('broadcast', { version: 1, people: [] }), participants: people });
    // A hundred, and the one for all others.
    expect(participantKeys(people)).toHaveLength(101);
    expect(participantKeys(people.slice(0, 100))).toHaveLength(100);
    expect(participantRows({ before: null, after: item }, epoch)).toHaveLength(101);
  });
});

it('a page shows the greater version of a conversation that stands there twice', async () => {
  const old = versionOf('twice', { version: 1, people: ['flo'], second: 1 });
  const young = versionOf('twice', { version: 2, people: ['flo'], second: 5 });
  const other = versionOf('other', { version: 1, people: ['flo'], second: 3 });
  // The marker of the old place is lost.
  for (const one of [old, young, other]) await index(null, one);
  for (const order of ['asc', 'desc'] as const) {
    const shown = (await listed('flo', order)).map(({ externalId, version }) => `${externalId}/${version}`);
    expect(shown).toEqual(order === 'asc' ? ['other/1', 'twice/2'] : ['twice/2', 'other/1']);
  }
});
