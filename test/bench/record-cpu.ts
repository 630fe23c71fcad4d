import { createWriteStream, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { request } from 'undici';
import { talkdeskDefaults } from '#infra/local/fakes/talkdesk/settings.ts';
import { ingestPage } from '#shared/ingest/ingest-page.ts';
import type { Page } from '#shared/providers/connector.ts';
import { startChild } from './children.ts';
import { cpuOf, interleaved, median, type Row } from './row.ts';
import { benchNow, pageSize } from './shape.ts';
import { talkdeskContext, talkdeskWindow } from './talkdesk-context.ts';

/** Enough that compiling the code is a small part of a round. */
const records = 8_000;

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
  const context = await talkdeskContext(url);
  return () =>
    cpuOf(async () => {
      let stored = 0;
      let cursor: string | null = null;
      do {
        const page: Page = await context.stream.fetchPage(context.session, talkdeskWindow, cursor);
        stored += (await ingestPage(context, page, { key: [cursor], at: benchNow })).counts.discovered;
        cursor = page.next;
      } while (cursor !== null);
      if (stored !== records) throw new Error(`stored ${stored} of ${records} records`);
    });
}

async function openFloor(url: string): Promise<() => Promise<number>> {
  const { clientId, clientSecret } = talkdeskDefaults;
  const token = await request(`${url}/oauth/token`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`,
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: 'grant_type=client_credentials',
  });
  const { access_token: bearer } = (await token.body.json()) as { access_token: string };
  const bounds = `interaction_started=${new Date(talkdeskWindow.from).toISOString()}&interaction_ended=${new Date(talkdeskWindow.to).toISOString()}`;
  // A file, as a script that keeps what it fetched would have; /dev/null takes lines for nothing.
  const file = join(tmpdir(), `earshot-bench-${process.pid}.jsonl`);
  process.once('exit', () => rmSync(file, { force: true }));
  return () =>
    cpuOf(async () => {
      const lines = createWriteStream(file);
      let cursor = '';
      let written = 0;
      do {
        const answer = await request(`${url}/conversations/interactions?${bounds}${cursor}`, {
          headers: { authorization: `Bearer ${bearer}` },
        });
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
