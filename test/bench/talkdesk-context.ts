import { talkdeskDefaults } from '#infra/local/fakes/talkdesk/settings.ts';
import { connectionSchema } from '#shared/domain/connections.ts';
import { expectationOf } from '#shared/domain/expectation.ts';
import { clockFrom } from '#shared/http/clock.ts';
import { createTokenCache } from '#shared/http/oauth.ts';
import type { IngestContext } from '#shared/ingest/context.ts';
import { openSession } from '#shared/ingest/session.ts';
import { talkdesk } from '#shared/providers/talkdesk/connector.ts';
import { instantStore } from './instant-store.ts';
import { benchNow } from './shape.ts';

/** The window in which a provider process has its interactions. */
export const talkdeskWindow = { from: benchNow - 4 * 3_600_000, to: benchNow };

/** All that our own path needs to read the provider at this address, over a store that answers at once. */
export async function talkdeskContext(url: string): Promise<IngestContext> {
  const [stream] = talkdesk.streams;
  if (!stream) throw new Error('talkdesk has no stream');
  const connection = connectionSchema.parse({
    id: 'bench',
    provider: 'talkdesk',
    baseUrl: url,
    tokenUrl: `${url}/oauth/token`,
    credentials: { secret: 'bench' },
    rateLimit: { perMinute: 10_000_000 },
    // The row is about records: recordings are an API of their own.
    media: false,
  });
  const clock = clockFrom(() => Date.now());
  const store = instantStore();
  const { clientId, clientSecret } = talkdeskDefaults;
  const secrets = { read: async () => JSON.stringify({ clientId, clientSecret }) };
  const session = await openSession(connection, talkdesk, { store, secrets, tokens: createTokenCache(clock), clock });
  return {
    connector: talkdesk,
    stream,
    session,
    store,
    now: clock.now,
    slowPutMs: 60_000,
    lastResort: false,
    keepLease: async () => {},
    requestCopies: async () => {},
    expectation: expectationOf({ media: false }, talkdesk.promised),
  };
}
