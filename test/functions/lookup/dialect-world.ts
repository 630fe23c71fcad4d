import { afterAll, beforeAll, beforeEach } from 'vitest';
import type { Reading } from '#functions/lookup/records/reads.ts';
import { connectionsFileSchema } from '#shared/domain/connections.ts';
import type { ProviderName, StoredConversation, StoredRecord } from '#shared/domain/conversation.ts';
import type { Connector } from '#shared/providers/connector.ts';
import { putVersion } from '#shared/storage/conversations.ts';
import { putMedia } from '#shared/storage/media-objects.ts';
import { answersFor, walkWindow } from '#test/providers/walk.ts';
import { epoch, recordOf } from '#test/support/records.ts';
import { type TestStore, testStore } from '#test/support/store.ts';
import { type DialectSession, dialectSession } from './dialect-session.ts';
import { type HttpAnswer, type HttpCall, lookupOver, type TestLookup } from './lookup-harness.ts';
import { fileBytes, seedRecords } from './provider-world.ts';

/** A lookup over a few conversations of all four providers with the bytes of their files, and one without a start. */

const connections = [
  ['support-emea', 'vonage'],
  ['support', 'talkdesk'],
  ['sales', 'salesloft'],
  ['voice-agent', 'magpipe'],
] as const;
const file = connectionsFileSchema.parse({
  connections: connections.map(([id, provider]) => ({ id, provider, credentials: { secret: 'x' } })),
  clients: [
    { clientId: 'all', clientSecret: 'a', scopes: ['interaction-content:read'] },
    { clientId: 'reader', clientSecret: 'r', scopes: ['conversations:read'] },
    { clientId: 'public', clientSecret: 'p', scopes: ['interactions-public:read'] },
    { clientId: 'recordings', clientSecret: 'm', scopes: ['recordings:read'] },
    { clientId: 'limited', clientSecret: 'l', scopes: ['interaction-content:read'], connections: ['sales'] },
  ].map((client) => ({ ...client, perMinute: 100_000 })),
});

let opened: TestStore;
export let lookup: TestLookup;
export const clock = { now: epoch };
/** every record, as it is stored */
export const world: StoredRecord[] = [];
/** what was noted of readings in this test */
export const readings: Reading[] = [];

/** To be called once by a test file: opens all this before its tests and closes it behind them. */
export function setUpDialectWorld(): void {
  beforeAll(async () => {
    world.length = 0;
    opened = await testStore();
    const reads = { note: async (noted: readonly Reading[]) => void readings.push(...noted) };
    lookup = lookupOver(opened.store, clock, file, undefined, { reads });
    for (const [, provider] of connections) for (const record of seedRecords(provider, epoch)) await put(record);
    const { conversation } = recordOf('undated', {}, epoch, 'sales');
    await put({ conversation: { ...conversation, provider: 'salesloft', startedAt: null }, transcript: null });
  });
  afterAll(() => opened.close());
  beforeEach(() => {
    readings.length = 0;
  });
}

/** Stores a record, and the bytes of its files. */
export async function put(record: StoredRecord): Promise<void> {
  const { media } = record.conversation;
  for (const { object, contentType } of media) await putMedia(opened.store, object, fileBytes, contentType);
  await putVersion(opened.store, record, 0);
  world.push(record);
}

/** The record of this provider that fits; a test knows that there is one. */
export function recordFrom(provider: ProviderName, fits = (_: StoredConversation): boolean => true): StoredRecord {
  const found = world.find(({ conversation }) => conversation.provider === provider && fits(conversation));
  if (!found) throw new Error(`no such record of ${provider}`);
  return found;
}

/** A request of a client, by default of the one that may see everything. */
export async function ask(target: string, call: HttpCall & { client?: string } = {}): Promise<HttpAnswer> {
  const { client = 'all', headers, ...rest } = call;
  const token = await lookup.token(client);
  return lookup.call(target, {
    ...rest,
    headers: { authorization: `Bearer ${token}`, host: 'earshot.example', ...headers },
  });
}

/** A connector's session with the lookup, as the client that may see everything. */
export const sessionOf = async (connector: Connector, root = ''): Promise<DialectSession> =>
  dialectSession(lookup, connector, { token: await lookup.token('all'), now: () => clock.now, root });

/**
 * All that a connector's first stream lists at the lookup, day by day, with its details, in our words. A conversation that
 * two days list comes twice.
 */
export async function copyBy(connector: Connector, session: DialectSession) {
  const [stream] = connector.streams;
  if (!stream) throw new Error('no stream');
  const starts = world.map(({ conversation }) => Date.parse(conversation.startedAt ?? conversation.firstSeenAt));
  const days = new Set(starts.map((start) => Math.floor(start / day) * day));
  const copies = [];
  for (const from of days) {
    const { records } = await walkWindow(stream, session, { from, to: from + day });
    const answers = await answersFor(stream, session, records);
    copies.push(...answers.map((answer) => stream.normalize(answer)));
  }
  return copies;
}

const day = 86_400_000;
