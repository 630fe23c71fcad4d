import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as cw from '@aws-sdk/client-cloudwatch-logs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { LocalServer } from '#infra/local/listen.ts';
import { startLogs } from '#infra/local/logs/start-logs.ts';

const credentials = { accessKeyId: 'local', secretAccessKey: 'local-secret' };
const now = Date.parse('2026-03-02T09:00:00Z');
const names = { logGroupName: 'stack-Reads/1', logStreamName: 'one' };
const dayMs = 24 * 3_600_000;
let dataDir: string;
let server: LocalServer;
let client: cw.CloudWatchLogsClient;

async function start(): Promise<void> {
  server = await startLogs({ dataDir, now: () => now });
  client = new cw.CloudWatchLogsClient({ endpoint: server.url, region: 'us-east-1', credentials, maxAttempts: 1 });
}

async function stop(): Promise<void> {
  client.destroy();
  await server.close();
}

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'earshot-logs-'));
  await start();
  await client.send(new cw.CreateLogGroupCommand(names));
  await client.send(new cw.CreateLogStreamCommand(names));
});

afterEach(async () => {
  await stop();
  rmSync(dataDir, { recursive: true });
});

const put = (times: readonly number[], logStreamName = names.logStreamName) => {
  const logEvents = times.map((timestamp) => ({ timestamp, message: `at ${timestamp - now}` }));
  return client.send(new cw.PutLogEventsCommand({ ...names, logStreamName, logEvents }));
};
const filter = (rest: Partial<cw.FilterLogEventsCommandInput> = {}) =>
  client.send(new cw.FilterLogEventsCommand({ logGroupName: names.logGroupName, ...rest }));
const messages = ({ events = [] }: { events?: { message?: string }[] }) => events.map(({ message }) => message);

it('keeps lines over a restart and gives them in the order of time, over all streams or some', async () => {
  await client.send(new cw.CreateLogStreamCommand({ ...names, logStreamName: 'two' }));
  await put([now - 3, now - 1]);
  await put([now - 2], 'two');
  await stop();
  await start();
  expect(messages(await filter())).toEqual(['at -3', 'at -2', 'at -1']);
  expect(messages(await filter({ logStreamNames: ['two'] }))).toEqual(['at -2']);
  expect(messages(await filter({ startTime: now - 2, endTime: now - 2 }))).toEqual(['at -2']);
  const first = await filter({ limit: 2 });
  expect(messages(await filter({ limit: 2, nextToken: first.nextToken }))).toEqual(['at -1']);
  expect(first.events?.[0]).toMatchObject({ logStreamName: 'one', timestamp: now - 3, ingestionTime: now });
});

it('pages through one stream from either end', async () => {
  await put([now - 3, now - 2, now - 1]);
  const page = (rest: Partial<cw.GetLogEventsCommandInput>) =>
    client.send(new cw.GetLogEventsCommand({ ...names, limit: 2, ...rest }));
  const newest = await page({});
  expect(messages(newest)).toEqual(['at -2', 'at -1']);
  expect(messages(await page({ nextToken: newest.nextBackwardToken }))).toEqual(['at -3']);
  const oldest = await page({ startFromHead: true });
  expect(messages(oldest)).toEqual(['at -3', 'at -2']);
  const last = await page({ nextToken: oldest.nextForwardToken });
  expect(messages(last)).toEqual(['at -1']);
  const end = await page({ nextToken: last.nextForwardToken });
  expect([messages(end), end.nextForwardToken]).toEqual([[], last.nextForwardToken]);
});

it('leaves out lines too far from now, and says which, with a 200', async () => {
  const { rejectedLogEventsInfo } = await put([now - 15 * dayMs, now, now + dayMs]);
  expect(rejectedLogEventsInfo).toEqual({ tooOldLogEventEndIndex: 1, tooNewLogEventStartIndex: 2 });
  expect(messages(await filter())).toEqual(['at 0']);
  expect((await put([now])).rejectedLogEventsInfo).toBeUndefined();
});

it('refuses what AWS refuses', async () => {
  await expect(put([now, now - 1])).rejects.toMatchObject({ name: 'InvalidParameterException' });
  await expect(put([now], 'three')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  await expect(filter({ logGroupName: 'none' })).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  await expect(filter({ nextToken: 'x' })).rejects.toMatchObject({ name: 'InvalidParameterException' });
  for (const command of [new cw.CreateLogGroupCommand(names), new cw.CreateLogStreamCommand(names)]) {
    // The two commands are of different types, which one overload of `send` cannot take.
    const sending = client.send(command as cw.CreateLogStreamCommand);
    await expect(sending).rejects.toMatchObject({ name: 'ResourceAlreadyExistsException' });
  }
  const logEvents = [1, 2].map(() => ({ timestamp: now, message: 'x'.repeat(600_000) }));
  const tooLarge = client.send(new cw.PutLogEventsCommand({ ...names, logEvents }));
  await expect(tooLarge).rejects.toMatchObject({ name: 'InvalidParameterException' });
});

it('names what it does not support', async () => {
  await expect(client.send(new cw.DescribeLogGroupsCommand({}))).rejects.toMatchObject({
    name: 'NotImplemented',
    message: 'CloudWatch Logs operation DescribeLogGroups is not supported by the one-machine runtime',
  });
  await expect(filter({ filterPattern: 'x' })).rejects.toThrow('filterPattern');
});
