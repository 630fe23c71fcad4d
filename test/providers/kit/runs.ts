import { expect } from 'vitest';
import { rebuildRecord } from '#functions/operate/rebuild-record.ts';
import { type Checkpoint, checkpointSchema, type Window } from '#shared/domain/checkpoint.ts';
import { type Connection, connectionSchema } from '#shared/domain/connections.ts';
import type { StoredRecord } from '#shared/domain/conversation.ts';
import { conversationId, conversationUuid } from '#shared/domain/identity.ts';
import type { PackName } from '#shared/domain/raw-answer.ts';
import { createTokenCache } from '#shared/http/oauth.ts';
import type { HttpLimits } from '#shared/http/request.ts';
import { holdStream } from '#shared/ingest/lease.ts';
import { pollStream, type RunSummary } from '#shared/ingest/poll-stream.ts';
import { openSession, type RunSession } from '#shared/ingest/session.ts';
import type { Page, Session, Stream } from '#shared/providers/connector.ts';
import { getRecord } from '#shared/storage/conversations.ts';
import { countConversations, countQuarantined } from '#shared/storage/count-rows.ts';
import type { Store } from '#shared/storage/document-client.ts';
import { readPack } from '#shared/storage/raw-packs.ts';
import { listStreams } from '#shared/storage/streams.ts';
import { type VirtualClock, virtualClock } from '#test/support/virtual-clock.ts';
import type { Fixture } from '../fixtures.ts';
import { type Account, canary, openAccount } from './account.ts';
import { answersOf } from './record-rules.ts';

/** Runs of the real engine over a scenario, through the real session, with a connection of their own in the store. */
export type Runs = {
  account: Account;
  connection: Connection;
  clock: VirtualClock;
  run: (limits?: Partial<HttpLimits>) => Promise<RunSummary>;
  openSession: (limits?: Partial<HttpLimits>) => Promise<RunSession>;
  /** the next run reads the scenario's window from its beginning */
  rewind: () => Promise<void>;
  checkpoint: () => Promise<Checkpoint>;
  /** what is stored of the scenario's records, in the order listed */
  stored: () => Promise<(StoredRecord | null)[]>;
  quarantined: () => Promise<number>;
};

/** Offsets of the kit's connections at which pending artifacts are asked for again. */
export const recheckEveryMs = 60_000;
const recheck = Array.from({ length: 100 }, (_, i) => `${i + 1}m`);

let connections = 0;

/** `through` stands in for the scenario's stream, to misbehave between the connector and the engine. */
export async function openRuns(store: Store, fixture: Fixture, through: Stream = fixture.stream): Promise<Runs> {
  const { connector, window } = fixture;
  const stream = listingOnly(through, window);
  const clock = virtualClock(window.to);
  const account = openAccount(fixture, clock.now);
  connections += 1;
  const provider = connector.provider;
  const connection = connectionSchema.parse({ id: `kit-${connections}`, provider, recheck, ...account.settings });
  const name = { connection: connection.id, stream: stream.name, provider };
  const ids = await namesOf(fixture);
  const secrets = { read: () => Promise.reject(new Error('the credentials stand in the connection')) };
  const tokens = createTokenCache(clock);

  const runs: Runs = {
    account,
    connection,
    clock,
    openSession: (limits = {}) => {
      account.connect();
      return openSession(connection, connector, { store, secrets, tokens, clock, limits });
    },
    run: async (limits = {}) => {
      const summary = await pollStream({
        ...{ connection, connector, stream, store, now: clock.now },
        deadline: clock.now() + 600_000,
        slowPutMs: 5_000,
        requestCopies: async () => undefined,
        openSession: () => runs.openSession(limits),
      });
      expect(account.unrecorded).toEqual([]);
      expect(String(summary.error)).not.toContain(canary);
      return summary;
    },
    rewind: async () => {
      const hold = await holdStream(store, name, clock.now);
      const resume = { ...window, cursor: null, pages: 0, servedAt: null };
      const live = { watermark: window.from, resume };
      await hold?.save(checkpointSchema.parse({ live, backfill: null, dueAt: clock.now() }));
      await hold?.release(null);
    },
    checkpoint: async () => {
      const state = (await listStreams(store)).find((each) => each.connection === connection.id);
      if (!state?.checkpoint) throw new Error('no checkpoint');
      return state.checkpoint;
    },
    stored: async () => {
      const { count } = await countConversations(store, connection.id);
      const records = await Promise.all(ids.map((id) => readStored({ store, clock, connection, fixture }, id)));
      // Under other names there is nothing.
      expect(count).toBe(records.filter((record) => record !== null).length);
      return records;
    },
    quarantined: async () => (await countQuarantined(store, connection.id)).count,
  };
  await runs.rewind();
  return runs;
}

/** The names of a scenario's records, whatever becomes of them. */
async function namesOf(fixture: Fixture): Promise<string[]> {
  const answers = await answersOf(fixture, fixture.recorded.fails === undefined ? 'first' : 'later');
  return [...new Set(answers.map(({ listed }) => fixture.stream.identify(listed).externalId))];
}

type Reading = { store: Store; clock: VirtualClock; connection: Connection; fixture: Fixture };

/** What is stored, which is what its raw answers give. */
async function readStored(
  { store, clock, connection, fixture }: Reading,
  externalId: string,
): Promise<StoredRecord | null> {
  const uuid = conversationUuid(conversationId(connection.id, externalId));
  const found = await getRecord(store, uuid);
  const linesOf = (name: PackName) => readPack(store, connection.id, name);
  const vault = { store, connection, connector: fixture.connector, linesOf, now: clock.now, slowPutMs: 5_000 };
  expect(await rebuildRecord(vault, uuid, { dryRun: true, since: 0 })).toEqual({
    became: found ? 'unchanged' : 'notFound',
  });
  return found?.record ?? null;
}

/** Behind the scenario's window nothing is listed: what comes later is asked for by the due lane. */
function listingOnly(stream: Stream, window: Window): Stream {
  const nothing = ({ now }: Session): Page => ({ records: [], next: null, servedAt: now(), sentAt: now() });
  return {
    ...stream,
    fetchPage: async (session, asked, cursor) =>
      asked.to > window.to ? nothing(session) : stream.fetchPage(session, asked, cursor),
  };
}
