import { afterAll, beforeAll } from 'vitest';
import type { Reading } from '#functions/lookup/records/reads.ts';
import { connectionsFileSchema } from '#shared/domain/connections.ts';
import type { ProviderName, StoredConversation, StoredRecord } from '#shared/domain/conversation.ts';
import { identify } from '#shared/domain/identity.ts';
import { formatInstant } from '#shared/domain/instant.ts';
import { makeTranscript } from '#shared/domain/transcript.ts';
import { putVersion } from '#shared/storage/conversations.ts';
import { putMedia } from '#shared/storage/media-objects.ts';
import { epoch, recordOf } from '#test/support/records.ts';
import { type TestStore, testStore } from '#test/support/store.ts';
import { lookupOver, type TestLookup } from './lookup-harness.ts';
import { fileBytes } from './provider-world.ts';

/** Conversations of all four providers that share each of their fields with others, and the lookup over them. */

const places: readonly (readonly [string, ProviderName])[] = [
  ['emea', 'vonage'],
  ['support', 'talkdesk'],
  ['sales', 'salesloft'],
  ['agents', 'magpipe'],
];
const clients = {
  all: 'interaction-content:read',
  reader: 'conversations:read',
  public: 'interactions-public:read',
  recordings: 'recordings:read',
  foreign: 'interaction-content:read',
} as const;
const file = connectionsFileSchema.parse({
  connections: places.map(([id, provider]) => ({ id, provider, credentials: { secret: 'x' } })),
  clients: Object.entries(clients).map(([clientId, scope]) => ({
    ...{ clientId, clientSecret: 's', scopes: [scope], perMinute: 100_000 },
    ...(clientId === 'foreign' && { connections: ['emea', 'support'] }),
  })),
});

export const clock = { now: epoch + 30 * 86_400_000 };
export const world: StoredRecord[] = [];
export const readings: Reading[] = [];
/** a token of each client */
export const tokens: Record<string, string> = {};
export let lookup: TestLookup;
let opened: TestStore;

/** Of a few values, so that conversations share them. */
const pick = <T>(values: readonly T[], i: number): T => values[i % values.length] as T;
export const owners = ['11111111-1111-4111-8111-111111111111', '22222222-2222-4222-8222-222222222222'] as const;

/** A provider's stamp to the microsecond. */
const fine = (ms: number, us: number): string => formatInstant(ms).replace('Z', `${String(us).padStart(3, '0')}Z`);

function stampsOf(provider: ProviderName, i: number, madeAt: number) {
  if (provider === 'salesloft') {
    const [providerCreatedAt, stamp] = [fine(madeAt, i % 3), fine(madeAt + 60_000 * (i % 4), (i * 7) % 5)];
    return { providerCreatedAt, providerUpdatedAt: stamp, stamp };
  }
  return provider === 'magpipe' ? { providerCreatedAt: formatInstant(madeAt) } : {};
}

const peopleOf = (provider: ProviderName, i: number): StoredConversation['participants'] => [
  { id: null, role: 'customer', name: null, phone: pick(['+441632960111', '+441632960112', null], i), email: null },
  {
    id: provider === 'salesloft' ? pick(owners, i >> 2) : pick(['2071', '2072'], i),
    ...{ role: provider === 'magpipe' ? 'bot' : 'agent', name: pick(['Ada', null], i) },
    ...{ phone: provider === 'salesloft' ? null : '+441632960222', email: pick([null, 'ada@example.com'], i) },
  },
];

function recordAt(i: number): StoredRecord {
  const [id, provider] = pick(places, i);
  const externalId = `${String(i).padStart(8, '0')}-aaaa-4aaa-8aaa-aaaaaaaaaaaa`;
  const madeAt = epoch + ((i * 7) % 23) * 3_600_000;
  const ready = { state: 'ready' as const, at: formatInstant(madeAt + 120_000) };
  const transcript = i % 3 === 0 ? null : makeTranscript(null, turnsOf(provider, i));
  const conversation: StoredConversation = {
    ...recordOf(externalId, {}, epoch, id).conversation,
    ...identify(provider, id, externalId),
    ...{ direction: pick(['inbound', 'outbound', 'unknown'], i), status: pick(['completed', 'missed', 'busy'], i) },
    ...{ title: pick(['Alpha call', 'alpha two', 'Beta', null], i >> 2), language: pick(['en-GB', 'de-DE', null], i) },
    ...{ startedAt: i % 17 === 4 ? null : formatInstant(madeAt - 60_000), endedAt: null },
    ...{ durationMs: pick([null, 60_000, 125_000, 60_001], i >> 1), firstSeenAt: formatInstant(madeAt + 60_000) },
    updatedAt: formatInstant(madeAt + 240_000 + (i % 6) * 1_000),
    ...stampsOf(provider, i, madeAt),
    participants: peopleOf(provider, i),
    summary: transcript && `Summary ${i}`,
    artifacts: transcript ? { transcript: ready, summary: ready } : {},
    media: i % 5 === 1 ? mediaOf(i, provider === 'salesloft' && transcript !== null) : [],
    metadata: provider === 'salesloft' ? ownMetadata(i) : {},
  };
  return { conversation, transcript };
}

const turnsOf = (provider: ProviderName, i: number) => {
  const common = { sentiment: null, intent: null };
  return [
    {
      ...common,
      participant: 1,
      role: provider === 'magpipe' ? 'bot' : 'agent',
      text: `Hello ${i}`,
      startMs: 420,
      endMs: 3_870,
    },
    { ...common, participant: 0, role: 'customer', text: 'Hi.', startMs: i % 2 ? 4_000 : null, endMs: null },
  ] as const;
};

const mediaOf = (i: number, hasArtifact: boolean): StoredConversation['media'] => {
  const file = { bytes: fileBytes.length, sha512: 'ab'.repeat(64), object: `media/${i}` };
  const artifact = { ...file, key: 'transcriptArtifact', kind: 'transcriptArtifact', contentType: 'application/json' };
  const recording = { ...file, key: 'recording', kind: 'recording', contentType: pick(['audio/mpeg', 'video/mp4'], i) };
  return hasArtifact ? [recording, artifact] : [recording];
};

const ownMetadata = (i: number): StoredConversation['metadata'] => ({
  ...{ ownerId: pick(owners, i >> 2), userId: pick(owners, i >> 3), accountId: pick(['1', '2'], i >> 2) },
  ...{ personId: pick(['7', '8'], i >> 3), isApi: (i >> 2) % 2 === 0, mediaType: pick(['audio', 'video'], i >> 3) },
  platform: pick(['zoom', 'salesloft', 'external_audio'], i >> 2),
});

/** To be called once by a test file: opens all this before its tests and closes it behind them. */
export function setUpSharedFields(): void {
  beforeAll(async () => {
    world.length = 0;
    opened = await testStore();
    const reads = { note: async (noted: readonly Reading[]) => void readings.push(...noted) };
    lookup = lookupOver(opened.store, clock, file, undefined, { reads });
    for (let i = 0; i < 36; i += 1) {
      const record = recordAt(i);
      world.push(record);
      for (const { object, contentType } of record.conversation.media) {
        await putMedia(opened.store, object, fileBytes, contentType);
      }
      await putVersion(opened.store, record, 0);
    }
    for (const client of Object.keys(clients)) tokens[client] = await lookup.token(client);
  });
  afterAll(() => opened.close());
}

/** The first record that fits; a test knows that there is one. */
export function one(fits: (record: StoredRecord) => boolean): StoredRecord {
  const found = world.find(fits);
  if (!found) throw new Error('no such record');
  return found;
}

/** The id under which a dialect shows a record. */
export const dialectId = (provider: ProviderName, { conversation }: StoredRecord): string =>
  conversation.provider === provider ? conversation.externalId : conversation.uuid;

/** A GET by a client, the body parsed. */
export async function get(target: string, client = 'all') {
  const answer = await lookup.get(target, tokens[client], { host: 'earshot.example' });
  return { ...answer, body: answer.text === '' ? null : JSON.parse(answer.text) };
}
