import './quiet-log.ts';
import { S3Client } from '@aws-sdk/client-s3';
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
import { connectionSchema } from '#shared/domain/connections.ts';
import { createTokenCache } from '#shared/http/oauth.ts';
import type { RunSummary } from '#shared/ingest/poll-stream.ts';
import { openSession } from '#shared/ingest/session.ts';
import { findConnector } from '#shared/providers/registry.ts';
import { documentsOver } from '#shared/storage/document-client.ts';
import { testDynamodbClient } from '#test/support/dynamodb.ts';
import { createEarshotTable } from '#test/support/table.ts';
import { type VirtualClock, virtualClock } from '#test/support/virtual-clock.ts';
import { benchNow, pageSize, talkdeskShape } from './shape.ts';
import { meterWrites, type Write } from './write-meter.ts';

export type AccountOptions = {
  provider: 'talkdesk' | 'salesloft';
  conversations: number;
  /** one promised artifact of each conversation has not come yet; at Talkdesk that is the transcript itself */
  pending?: boolean;
  /** requests or points a minute, at the provider and in the connection alike */
  perMinute: number;
};

/** One run: what the poll function reports, and every write that it sent. */
export type MeteredRun = { summary: RunSummary; writes: Write[]; requests: number };

/** Polls a provider's account a few times as the poll function does, a minute apart, over an empty table. */
export async function pollMetered(options: AccountOptions, runs: number): Promise<MeteredRun[]> {
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
    for (let run = 0; run < runs; run += 1) {
      const before = askedOf(fake);
      const [summary] = await poll();
      if (summary?.stopped !== 'done') throw new Error(`${options.provider}: a run ended ${summary?.stopped}`);
      metered.push({ summary, writes: writes.splice(0), requests: askedOf(fake) - before });
      clock.advance(60_000);
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

/** Requests of the provider's API; those for tokens cost nothing of its budget. */
const askedOf = ({ requests }: FakeProvider): number =>
  requests.entries.filter(({ path }) => path !== '/oauth/token').length;

function openPoll(
  { provider, perMinute }: AccountOptions,
  documents: ReturnType<typeof documentsOver>,
  clock: VirtualClock,
): () => Promise<RunSummary[]> {
  const connector = findConnector(provider);
  if (!connector) throw new Error(`no connector for ${provider}`);
  const connection = connectionSchema.parse({
    id: provider,
    provider,
    baseUrl: `https://provider.example${provider === 'salesloft' ? '/v2' : ''}`,
    tokenUrl: 'https://provider.example/oauth/token',
    credentials: { secret: provider },
    backfill: '0ms',
    lookback: '4h',
    rateLimit: { perMinute },
  });
  const { clientId, clientSecret } = provider === 'salesloft' ? salesloftDefaults : talkdeskDefaults;
  const secrets = { read: async () => JSON.stringify({ clientId, clientSecret }) };
  const store = { documents, table, objects: new S3Client({ region: 'us-east-1' }), bucket: 'bench' };
  const tokens = createTokenCache(clock);
  const open = () => openSession(connection, connector, { store, secrets, tokens, clock });
  return () =>
    pollConnection({
      connection,
      connector,
      openSession: open,
      store,
      now: clock.now,
      deadline: clock.now() + 240_000,
      slowPutMs: 5_000,
    });
}

/** A fixed past that lies within the first run's window. */
function providerOf(
  { provider, conversations, pending = false, perMinute }: AccountOptions,
  now: () => number,
): FakeProvider {
  const [from, to] = [benchNow - 3 * 3_600_000, benchNow - 3_600_000];
  if (provider === 'talkdesk') {
    const world = inventTalkdeskWorld('units', from, to, conversations, talkdeskShape);
    if (pending) for (const interaction of world.interactions) Object.assign(interaction, { transcriptAtUs: null });
    return fakeTalkdesk({ world, now, settings: { pageSize } });
  }
  const world = inventSalesloftWorld('units', from, to, conversations, talkdeskShape);
  if (pending) for (const conversation of world.conversations) Object.assign(conversation, { summary: null });
  return fakeSalesloft({ world, now, budgetPerMinute: perMinute });
}
