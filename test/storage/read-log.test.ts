import { CloudWatchLogsClient, CreateLogStreamCommand, PutLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { mockClient } from 'aws-sdk-client-mock';
import { expect, it } from 'vitest';
import { openLineLog } from '#shared/storage/read-log.ts';

/** A log that takes everything. */
function takingLog() {
  const client = new CloudWatchLogsClient({ region: 'us-east-1' });
  const mock = mockClient(client);
  mock.on(CreateLogStreamCommand).resolves({});
  mock.on(PutLogEventsCommand).resolves({});
  const puts = () => mock.commandCalls(PutLogEventsCommand).map(({ args: [{ input }] }) => input.logEvents ?? []);
  return { log: openLineLog('reads', client), mock, puts };
}

const sizeOf = (events: readonly { message: string | undefined }[]): number =>
  events.reduce((sum, { message = '' }) => sum + Buffer.byteLength(message) + 26, 0);

it.each([
  ['many', Array.from({ length: 20_001 }, (_, i) => `${i}`), 3],
  ['long', ['é'.repeat(262_131), 'é'.repeat(262_131), 'x', 'é'.repeat(500_000)], 2],
  ['of exactly what fits', ['é'.repeat(262_131), 'é'.repeat(262_131), 'x'.repeat(2)], 2],
  ['one', ['x'], 1],
  ['no', [], 0],
])('sends %s lines in their order, in as few requests as AWS takes', async (_, lines, requests) => {
  const { log, puts } = takingLog();
  await log.append(lines, 5);
  expect(puts()).toHaveLength(requests);
  expect(puts().flat()).toEqual(lines.map((message) => ({ message, timestamp: 5 })));
  for (const events of puts()) {
    expect(events.length).toBeLessThanOrEqual(10_000);
    expect(sizeOf(events)).toBeLessThanOrEqual(1_048_576);
  }
});

it('makes its stream once, under a name that no other instance has', async () => {
  const [one, two] = [takingLog(), takingLog()];
  await Promise.all([one.log.append(['a'], 1), one.log.append(['b'], 1)]);
  await two.log.append(['c'], 1);
  const made = [one, two].map(({ mock }) =>
    mock.commandCalls(CreateLogStreamCommand).map(({ args: [{ input }] }) => input.logStreamName),
  );
  expect(made.map(({ length }) => length)).toEqual([1, 1]);
  expect(made[0]).not.toEqual(made[1]);
});
