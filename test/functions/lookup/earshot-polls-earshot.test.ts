import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dialectIdOf } from '#functions/lookup/records/dialect-ids.ts';
import { contentSchema, type ProviderName, type StoredRecord } from '#shared/domain/conversation.ts';
import { identify } from '#shared/domain/identity.ts';
import { pollStream } from '#shared/ingest/poll-stream.ts';
import type { Connector } from '#shared/providers/connector.ts';
import { connectors } from '#shared/providers/registry.ts';
import { getRecord } from '#shared/storage/conversations.ts';
import { countConversations } from '#shared/storage/count-rows.ts';
import { type TestStore, testStore } from '#test/support/store.ts';
import { dialectSession } from './dialect-session.ts';
import { clock, lookup, setUpSharedFields, world } from './shared-fields-world.ts';

setUpSharedFields();

/** A connection of any dialect pointed at another Earshot, read by the real engine into a store of its own. */

let opened: TestStore;
beforeAll(async () => {
  opened = await testStore();
});
afterAll(() => opened.close());

const minute = 60_000;

/** Runs the engine until nothing is left to read, and gives what it wrote: how many, and each by its id. */
async function copied(connector: Connector): Promise<{ count: number; found: Map<string, StoredRecord> }> {
  const { provider } = connector;
  const token = await lookup.token('all');
  let now = clock.now + minute;
  const root = provider === 'salesloft' ? '/v2' : '';
  const session = dialectSession(lookup, connector, { token, root, now: () => now });
  const connection = { ...session.connection, id: `copy-of-${provider}`, backfill: '40d' };
  for (let run = 0; run < 3; run++) {
    for (const stream of connector.streams) {
      const summary = await pollStream({
        ...{ connector, stream, connection, store: opened.store, slowPutMs: 5_000 },
        openSession: async () => ({
          ...session,
          connection,
          usage: () => ({ requests: 0, cost: 0 }),
          setLane: () => {},
        }),
        now: () => now,
        deadline: now + 10 * minute,
        requestCopies: async () => {},
      });
      expect(summary.error).toBeNull();
    }
    now += 5 * minute;
  }
  const { count } = await countConversations(opened.store, connection.id);
  const found = new Map<string, StoredRecord>();
  for (const externalId of idsOf(provider)) {
    const stored = await getRecord(opened.store, identify(provider, connection.id, externalId).uuid);
    if (stored) found.set(externalId, stored.record);
  }
  return { count, found };
}

const idsOf = (provider: ProviderName): string[] =>
  world.map(({ conversation }) => (provider === 'earshot' ? conversation.id : dialectIdOf(provider, conversation)));

/** What was said, whoever said it. */
const saidIn = ({ transcript }: StoredRecord): string[] => (transcript?.utterances ?? []).map(({ text }) => text);

describe.each(connectors.map((connector) => [connector.provider, connector] as const))('%s', (provider, connector) => {
  it('ends with the same conversations, each once, with what was said in them', async () => {
    const { count, found } = await copied(connector);
    const ids = idsOf(provider);
    expect([count, [...found.keys()]]).toEqual([world.length, ids]);
    expect(ids.map((id) => found.get(id)).map((one) => one && saidIn(one))).toEqual(world.map(saidIn));
    if (provider !== 'earshot') return;
    for (const [i, { conversation, transcript }] of world.entries()) {
      const copy = found.get(ids[i] ?? '');
      const { metadata, ...content } = contentSchema.parse(conversation);
      expect(copy?.transcript).toEqual(transcript);
      expect(copy?.conversation).toMatchObject(content);
      expect(copy?.conversation.metadata).toEqual({ ...metadata, origin: { provider: conversation.provider } });
      expect(copy?.conversation.files.map(({ key, revision }) => [key, revision])).toEqual(
        conversation.media.map(({ key, sha512 }) => [key, sha512]),
      );
    }
  });
});
