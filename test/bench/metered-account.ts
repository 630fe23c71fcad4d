import './quiet-log.ts';
import { getGlobalDispatcher, setGlobalDispatcher } from 'undici';
import { pollConnection } from '#functions/poll/poll-connection.ts';
import { startDynamodb } from '#infra/local/dynamodb/endpoint.ts';
import { fakeNetwork } from '#infra/local/fakes/dispatcher.ts';
import type { FakeProvider } from '#infra/local/fakes/provider.ts';
import { inventSalesloftWorld } from '#infra/local/fakes/salesloft/invent.ts';
import { salesloftDefaults } from '#infra/local/fakes/salesloft/settings.ts';
import { fakeSalesloft } from '#infra/local/fakes/salesloft/start.ts';
import { inventTalkdeskWorld } from '#infra/local/fakes/talkdesk/invent.ts';
import { talkdeskDefaults } from '#infra/local/fakes/talkdesk/settings.ts';
import { fakeTalkdesk } from '#infra/local/fakes/talkdesk/start.ts';
import { inventVonageWorld } from '#infra/local/fakes/vonage/invent.ts';
import { vonageDefaults } from '#infra/local/fakes/vonage/settings.ts';
import { fakeVonage } from '#infra/local/fakes/vonage/start.ts';
import { tokenPath as vonageTokenPath } from '#infra/local/fakes/vonage/token-endpoint.ts';
import { connectionSchema } from '#shared/domain/connections.ts';
import { createTokenCache } from '#shared/http/oauth.ts';
import type { RunSummary } from '#shared/ingest/poll-stream.ts';
import { openSession } from '#shared/ingest/session.ts';
import { findConnector } from '#shared/providers/registry.ts';
import { documentsOver } from '#shared/storage/document-client.ts';
import { testDynamodbClient } from '#test/support/dynamodb.ts';
import { createEarshotTable } from '#test/support/table.ts';
import { type VirtualClock, virtualClock } from '#test/support/virtual-clock.ts';
import { keepingObjects } from './instant-store.ts';
import { benchNow, pageSize, talkdeskShape } from './shape.ts';
import { meterWrites, type Write } from './write-meter.ts';

export type AccountOptions = {
  provider: 'talkdesk' | 'salesloft' | 'vonage';
  conversations: number;
  /**
   * something promised of each conversation never comes: at Talkdesk the transcript, at Salesloft the summary, at Vonage
   * the whole analysis
   */
  pending?: boolean;
  /** whether its files are to be copied, which nobody does here: then each that is listed is pending */
  media?: boolean;
  /** requests or points a minute, at the provider and in the connection alike */
  perMinute: number;
  /** in which spans so many conversations each began (milliseconds since 1970); by default one within the first window */
  spans?: readonly Span[];
  /** the connection's `verify` */
  verify?: readonly string[];
};

export type Span = { from: number; to: number };

/** One run: what the poll function reports, and every write that it sent. */
export type MeteredRun = { summary: RunSummary; writes: Write[]; requests: number };

/**
 * Polls a provider's account as the poll function does, over an empty table: once, and again after each of these pauses
 * (milliseconds).
 */
export async function pollMetered(options: AccountOptions, pausesMs: readonly number[]): Promise<MeteredRun[]> {
  const clock = virtualClock(benchNow);
  const dynamodb = await startDynamodb({ dataDir: null });
  const client = testDynamodbClient(dynamodb.url);
  const looking = testDynamodbClient(dynamodb.url);
  const network = getGlobalDispatcher();
  const fake = providerOf(options, clock.now);
  setGlobalDispatcher(fakeNetwork({ 'https://provider.example': fake }));
  try {
    await createEarshotTable(looking, table);
    const writes = meterWrites(client, looking);
    const poll = openPoll(options, documentsOver(client), clock);
    const metered: MeteredRun[] = [];
    for (const pauseMs of [0, ...pausesMs]) {
      clock.advance(pauseMs);
      const before = askedOf(fake);
      const [summary] = await poll();
      if (summary?.stopped !== 'done') throw new Error(`${options.provider}: a run ended ${summary?.stopped}`);
      metered.push({ summary, writes: writes.splice(0), requests: askedOf(fake) - before });
    }
    const changes = await dynamodb.feed.read(table, '', Number.MAX_SAFE_INTEGER);
    const changing = metered.flatMap((run) => run.writes).filter(({ changed }) => changed);
    if (changes.length !== changing.length)
      throw new Error(`the stream has ${changes.length} changes, the meter ${changing.length}`);
    return metered;
  } finally {
    setGlobalDispatcher(network);
    client.destroy();
    looking.destroy();
    await dynamodb.close();
  }
}

const table = 'bench';

const accounts = {
  talkdesk: { path: '', tokenPath: '/oauth/token', ...talkdeskDefaults },
  salesloft: { path: '/v2', tokenPath: '/oauth/token', ...salesloftDefaults },
  vonage: { path: '', tokenPath: vonageTokenPath, ...vonageDefaults },
};

/** Requests of the provider's API; those for tokens cost nothing of its budget. */
const askedOf = ({ requests }: FakeProvider): number =>
  requests.entries.filter(({ path }) => Object.values(accounts).every(({ tokenPath }) => path !== tokenPath)).length;

function openPoll(
  { provider, perMinute, media = false, verify }: AccountOptions,
  documents: ReturnType<typeof documentsOver>,
  clock: VirtualClock,
): () => Promise<RunSummary[]> {
  const connector = findConnector(provider);
  if (!connector) throw new Error(`no connector for ${provider}`);
  const { path, tokenPath, clientId, clientSecret } = accounts[provider];
  const connection = connectionSchema.parse({
    id: provider,
    provider,
    baseUrl: `https://provider.example${path}`,
    tokenUrl: `https://provider.example${tokenPath}`,
    credentials: { secret: provider },
    backfill: '0ms',
    lookback: '4h',
    rateLimit: { perMinute },
    media,
    verify,
  });
  const secrets = { read: async () => JSON.stringify({ clientId, clientSecret }) };
  const store = { documents, table, objects: keepingObjects(), bucket: 'bench' };
  const tokens = createTokenCache(clock);
  const open = () => openSession(connection, connector, { store, secrets, tokens, clock });
  return () =>
    pollConnection({
      ...{ connection, connector, openSession: open, store, now: clock.now },
      deadline: clock.now() + 240_000,
      slowPutMs: 5_000,
      requestCopies: async () => {},
    });
}

/** A past that lies within the first run's window. */
const past: Span = { from: benchNow - 3 * 3_600_000, to: benchNow - 3_600_000 };

function providerOf(
  { provider, conversations, pending = false, perMinute, spans = [past] }: AccountOptions,
  now: () => number,
): FakeProvider {
  const invented = <One>(invent: (seed: string, span: Span) => readonly One[]): One[] =>
    spans.flatMap((span, i) => invent(`units ${i}`, span));
  if (provider === 'talkdesk') {
    const interactions = invented(
      (seed, { from, to }) => inventTalkdeskWorld(seed, from, to, conversations, talkdeskShape).interactions,
    );
    if (pending) for (const interaction of interactions) Object.assign(interaction, { transcriptAtUs: null });
    return fakeTalkdesk({ world: { interactions }, now, settings: { pageSize } });
  }
  if (provider === 'vonage') {
    // Twice as many as are wanted: a chat or a voicemail is not analysed.
    const interactions = invented(
      (seed, { from, to }) => inventVonageWorld(seed, from, to, 2 * conversations, talkdeskShape).interactions,
    );
    const calls = interactions.filter(({ analysis }) => analysis !== null).slice(0, conversations);
    if (pending) for (const { analysis } of calls) Object.assign(analysis ?? {}, { doneAtUs: null });
    return fakeVonage({ world: { interactions: calls }, now });
  }
  const worlds = spans.map(({ from, to }, i) =>
    inventSalesloftWorld(`units ${i}`, from, to, conversations, talkdeskShape),
  );
  const made = worlds.flatMap((world) => world.conversations);
  if (pending) for (const conversation of made) Object.assign(conversation, { summary: null });
  const { organizationId = 'units', revision = 0 } = worlds[0] ?? {};
  return fakeSalesloft({ world: { organizationId, revision, conversations: made }, now, budgetPerMinute: perMinute });
}
