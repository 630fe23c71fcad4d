import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { explorerPage } from '#infra/constructs/explorer-page.ts';
import { wavOf } from '#infra/local/fakes/audio.ts';
import type { StoredConversation } from '#shared/domain/conversation.ts';
import { formatInstant } from '#shared/domain/instant.ts';
import { hourMs, hourOf } from '#shared/domain/ledger.ts';
import { makeTranscript, type Transcript, type Utterance } from '#shared/domain/transcript.ts';
import { putVersion } from '#shared/storage/conversations.ts';
import { type HourRow, putHour } from '#shared/storage/ledger-rows.ts';
import { putMedia } from '#shared/storage/media-objects.ts';
import { connectionsFile, lookupOver, secretValues } from '#test/functions/lookup/lookup-harness.ts';
import { contentOf, epoch, recordOf } from '#test/support/records.ts';
import { type TestStore, testStore } from '#test/support/store.ts';

/** The real lookup with the real page over embedded services, behind a port for a browser. */

export const at = (ms: number): string => formatInstant(epoch + ms);

/** A request that the browser sent. */
export type Seen = { method: string; path: string; range: string | null; status: number; etag: string | null };

export type World = { origin: string; opened: TestStore; seen: Seen[]; close: () => Promise<void> };

export const secret = secretValues['test/crm'] ?? '';
/** Texts of turns that a page must show as they are; the first is a title too. */
export const hostileTexts = [
  '<img src=x onerror="document.title=\'owned\'"><script>document.title="owned"</script>',
  'abc \u202Eright to left\u202C שלום &lt;b&gt;',
  `line ${'word '.repeat(100_000)}`,
];

export async function openWorld(): Promise<World> {
  const opened = await testStore();
  const folder = mkdtempSync(join(tmpdir(), 'earshot-browser-'));
  for (const [path, text] of explorerPage()) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const clock = { now: epoch + 60_000 };
  const lookup = lookupOver(opened.store, clock, connectionsFile, 0, { page: pathToFileURL(`${folder}/`) });
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', async () => {
      const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
      const { method = 'GET', url: path = '/' } = request;
      const answer = await lookup.call(path, { method, headers, body: Buffer.concat(chunks).toString() });
      const { range = null, 'if-none-match': etag = null } = headers;
      seen.push({ method, path, range, status: answer.status, etag });
      response.writeHead(answer.status, answer.headers).end(answer.bytes);
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  const close = async () => {
    await closed(server);
    await opened.close();
    rmSync(folder, { recursive: true });
  };
  return { origin: `http://127.0.0.1:${port}`, opened, seen, close };
}

const closed = (server: Server): Promise<void> =>
  new Promise((done) => {
    server.close(() => done());
    server.closeAllConnections();
  });

type Turn = Omit<Utterance, 'index'>;

export const turnOf = (text: string, startMs: number | null = null, role: Turn['role'] = 'agent'): Turn => ({
  ...{ participant: 0, role, text, startMs, endMs: startMs === null ? null : startMs + 900 },
  ...{ sentiment: null, intent: null },
});

/** Stores a conversation as its first version. */
export async function put(
  { opened }: Pick<World, 'opened'>,
  name: string,
  given: Partial<StoredConversation>,
  transcript: Transcript | null = null,
): Promise<StoredConversation> {
  const conversation = { ...recordOf(name, { content: contentOf() }).conversation, title: name, ...given };
  await putVersion(opened.store, { conversation, transcript }, 0);
  return conversation;
}

const ready = { state: 'ready', at: at(0) } as const;

/** What the tests look at: a recording with its words, a hostile transcript, one that is late, and an hour with a gap. */
export async function fill(world: World): Promise<{ late: StoredConversation; row: HourRow }> {
  const bytes = Buffer.from(wavOf('played', 30));
  const sha512 = createHash('sha512').update(bytes).digest('hex');
  const object = 'media/played/1';
  await putMedia(world.opened.store, object, bytes, 'audio/wav');
  const turns = Array.from({ length: 10_000 }, (_, i) =>
    turnOf(`turn number ${i}`, i * 1_000, i % 2 === 0 ? 'agent' : 'customer'),
  );
  await put(
    world,
    'Played',
    {
      artifacts: { transcript: ready, sentiment: ready, 'media:recording': ready },
      media: [{ key: 'recording', kind: 'recording', contentType: 'audio/wav', bytes: bytes.length, sha512, object }],
      ...{ talkTime: { agentMs: 5_000, customerMs: 1_000, silenceMs: 4_000, crossTalkMs: 0 }, summary: 'It was well.' },
      categories: [{ group: 'Politeness', name: 'Greeting', matches: 1 }],
      sentiment: {
        ...{ score: -0.05, label: null, original: {} },
        distribution: { veryNegative: 20, negative: 20, neutral: 20, positive: 20, veryPositive: 20 },
        overTime: [
          { startPercent: 0, endPercent: 50, score: 0.61 },
          { startPercent: 50, endPercent: 100, score: -0.4 },
        ],
      },
    },
    makeTranscript('en', turns),
  );
  const hostile = makeTranscript(
    null,
    hostileTexts.map((text) => turnOf(text)),
  );
  const [title = ''] = hostileTexts;
  await put(world, 'hostile', { title, artifacts: { transcript: ready }, startedAt: at(-1_000) }, hostile);
  const pending = { transcript: { state: 'pending', at: at(0) } } as const;
  const late = await put(world, 'Late', { artifacts: pending, startedAt: at(-2_000), direction: 'outbound' });
  const row: HourRow = {
    ...{ connection: 'support', provider: 'talkdesk', hour: hourOf(epoch) - 2 * hourMs, reading: 1 },
    ...{ verifiedAt: at(-1), computedAt: at(-1), listed: 3, stored: 2, quarantined: 0, erased: 0, expired: 0 },
    ...{ missingAtSource: 0, artifacts: {}, gaps: ['missing-one'], isCut: false, ids: 0, isOpen: true },
  };
  await putHour(world.opened.store, row, null);
  return { late, row };
}
