import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { request } from 'undici';
import { talkdeskDefaults } from '#infra/local/fakes/talkdesk/settings.ts';
import { connectionSchema } from '#shared/domain/connections.ts';
import { clockFrom } from '#shared/http/clock.ts';
import { createTokenCache } from '#shared/http/oauth.ts';
import { type IngestContext } from '#shared/ingest/context.ts';
import { ingestPage } from '#shared/ingest/ingest-page.ts';
import { openSession } from '#shared/ingest/session.ts';
import { talkdesk } from '#shared/providers/talkdesk/connector.ts';
import { startChild } from './children.ts';
import { instantStore } from './instant-store.ts';
import { cpuOf, interleaved, median, type Row } from './row.ts';
import { benchNow, pageSize } from './shape.ts';

const records = 4_000;
const [stream] = talkdesk.streams;
if (!stream) throw new Error('talkdesk has no stream');
const window = { from: benchNow - 4 * 3_600_000, to: benchNow };

/** Our whole way of a record up to the store call, over fetching its page, parsing it and writing a line. */
export async function recordCpu(): Promise<Row[]> {
  const provider = await startChild('./provider-process.ts', String(records));
  const ours = await openRun(provider.url);
  const floor = await openFloor(provider.url);
  const { ratios, ours: mine, floor: least } = await interleaved(ours, floor);
  provider.stop();
  return [
    {
      what: `CPU of a record up to the store call (30 turns, pages of ${pageSize})`,
      floor: 'fetch, parse, write a line',
      value: median(ratios),
      unit: 'ratio',
      target: 2.2,
      aim: 1.6,
      rounds: ratios,
      facts: { oursMicrosPerRecord: median(mine) / records, floorMicrosPerRecord: median(least) / records },
    },
  ];
}

async function openRun(url: string): Promise<() => Promise<number>> {
  const connection = connectionSchema.parse({
    id: 'bench',
    provider: 'talkdesk',
    baseUrl: url,
    tokenUrl: `${url}/oauth/token`,
    credentials: { secret: 'bench' },
    rateLimit: { perMinute: 10_000_000 },
  });
  const clock = clockFrom(() => Date.now());
  const store = instantStore();
  const { clientId, clientSecret } = talkdeskDefaults;
  const secrets = { read: async () => JSON.stringify({ clientId, clientSecret }) };
  const session = await openSession(connection, talkdesk, { store, secrets, tokens: createTokenCache(clock), clock });
  const context: IngestContext = { connector: talkdesk, stream: listing, session, store, now: clock.now, slowPutMs: 60_000, lastResort: false, keepLease: async () => {} };
  return () =>
    cpuOf(async () => {
      let stored = 0;
      let cursor: string | null = null;
      do {
        const page = await listing.fetchPage(session, window, cursor);
        stored += (await ingestPage(context, page)).discovered;
        cursor = page.next;
      } while (cursor !== null);
      if (stored !== records) throw new Error(`stored ${stored} of ${records} records`);
    });
}

const listing = stream;

async function openFloor(url: string): Promise<() => Promise<number>> {
  const { clientId, clientSecret } = talkdeskDefaults;
  const token = await request(`${url}/oauth/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`, 'content-type': 'application/x-www-form-urlencoded' },
    body: 'grant_type=client_credentials',
  });
  const { access_token: bearer } = (await token.body.json()) as { access_token: string };
  const bounds = `interaction_started=${new Date(window.from).toISOString()}&interaction_ended=${new Date(window.to).toISOString()}`;
  return () =>
    cpuOf(async () => {
      const lines = createWriteStream('/dev/null');
      let cursor = '';
      let written = 0;
      do {
        const answer = await request(`${url}/conversations/interactions?${bounds}${cursor}`, { headers: { authorization: `Bearer ${bearer}` } });
        const page = JSON.parse(await answer.body.text());
        for (const record of page._embedded.interactions) {
          lines.write(`${JSON.stringify(record)}\n`);
          written += 1;
        }
        const next = page._links?.next?.href;
        cursor = next ? `&cursor=${encodeURIComponent(new URL(next).searchParams.get('cursor') ?? '')}` : '';
      } while (cursor !== '');
      lines.end();
      await finished(lines);
      if (written !== records) throw new Error(`wrote ${written} of ${records} records`);
    });
}
