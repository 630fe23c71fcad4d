import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudWatchLogsClient, CreateLogGroupCommand, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Problem } from '#functions/lookup/http/problem.ts';
import { readLog } from '#functions/lookup/records/reads.ts';
import type { LocalServer } from '#infra/local/listen.ts';
import { startLogs } from '#infra/local/logs/start-logs.ts';
import { openLineLog } from '#shared/storage/read-log.ts';
import { epoch } from '#test/support/records.ts';

const logGroupName = 'reads';
const dataDir = mkdtempSync(join(tmpdir(), 'earshot-reads-'));
let server: LocalServer;
let client: CloudWatchLogsClient;

beforeAll(async () => {
  server = await startLogs({ dataDir, now: () => epoch });
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  client = new CloudWatchLogsClient({ endpoint: server.url, region: 'us-east-1', credentials, maxAttempts: 1 });
  await client.send(new CreateLogGroupCommand({ logGroupName }));
});
afterAll(async () => {
  client.destroy();
  await server.close();
  rmSync(dataDir, { recursive: true });
});

/** The log as one more instance of the function writes it. */
const instance = (group = logGroupName, at = epoch) => readLog(openLineLog(group, client), () => at);
const kept = async () => (await client.send(new FilterLogEventsCommand({ logGroupName }))).events ?? [];

const reading = (conversation: string) => ({ client: 'crm', conversation, kind: 'transcript' as const });
const refusal = (noting: Promise<void>) =>
  noting.then(
    () => null,
    (error: unknown) => (error instanceof Problem ? [error.status, error.fault.code] : error),
  );

describe('the log of reads', () => {
  test('has a line for each reading, in a stream of each instance', async () => {
    const [one, two] = [instance(), instance()];
    await Promise.all([one.note([reading('a:1'), reading('a:2')]), one.note([reading('a:3')])]);
    await two.note([{ client: 'bi', conversation: 'b:1', kind: 'media:recording' }]);
    await two.note([]);
    const events = await kept();
    expect(new Set(events.map(({ logStreamName }) => logStreamName)).size).toBe(2);
    expect(events.map(({ timestamp }) => timestamp)).toEqual([epoch, epoch, epoch, epoch]);
    expect(events.map(({ message = '' }) => JSON.parse(message)).toSorted(byConversation)).toEqual([
      ...['a:1', 'a:2', 'a:3'].map((id) => ({ ...reading(id), at: new Date(epoch).toISOString() })),
      { client: 'bi', conversation: 'b:1', kind: 'media:recording', at: new Date(epoch).toISOString() },
    ]);
  });

  test('that cannot keep a line is a 503, and the next reading is tried anew', async () => {
    const nowhere = instance('made-later');
    expect(await refusal(nowhere.note([reading('c:1')]))).toEqual([503, 'readingNotNoted']);
    await client.send(new CreateLogGroupCommand({ logGroupName: 'made-later' }));
    expect(await refusal(nowhere.note([reading('c:1')]))).toBeNull();
  });

  test('that answers well and leaves a line out is a 503 too', async () => {
    const wrongClock = instance(logGroupName, epoch + 3 * 3_600_000);
    expect(await refusal(wrongClock.note([reading('d:1')]))).toEqual([503, 'readingNotNoted']);
    expect((await kept()).some(({ message }) => message?.includes('d:1'))).toBe(false);
  });
});

const byConversation = (a: { conversation: string }, b: { conversation: string }): number =>
  a.conversation < b.conversation ? -1 : 1;
