import { randomUUID } from 'node:crypto';
import {
  CloudWatchLogsClient,
  CreateLogStreamCommand,
  PutLogEventsCommand,
  ResourceAlreadyExistsException,
} from '@aws-sdk/client-cloudwatch-logs';

/** Lines that are durable when it settles, each stamped `at` (milliseconds since 1970). */
export type LineLog = { append: (lines: readonly string[], at: number) => Promise<void> };

/** What one PutLogEvents takes (API reference of CloudWatch Logs): events, and bytes with 26 added for each event. */
const mostEvents = 10_000;
const mostBytes = 1_048_576;
const eventBytes = 26;

/** A log group of CloudWatch Logs, written to in a stream of this instance's own, which the first line makes. */
export function openLineLog(group: string, client = new CloudWatchLogsClient({})): LineLog {
  const names = { logGroupName: group, logStreamName: randomUUID() };
  let ready: Promise<void> | null = null;
  return {
    append: async (lines, at) => {
      try {
        ready ??= createStream(client, names);
        await ready;
        for (const batch of batches(lines)) await put(client, names, batch, at);
      } catch (error) {
        // The stream may have been deleted: the next line looks after it again.
        ready = null;
        throw error;
      }
    },
  };
}

type Names = { logGroupName: string; logStreamName: string };

async function createStream(client: CloudWatchLogsClient, names: Names): Promise<void> {
  try {
    await client.send(new CreateLogStreamCommand(names));
  } catch (error) {
    if (!(error instanceof ResourceAlreadyExistsException)) throw error;
  }
}

async function put(client: CloudWatchLogsClient, names: Names, lines: readonly string[], at: number): Promise<void> {
  const logEvents = lines.map((message) => ({ message, timestamp: at }));
  const { rejectedLogEventsInfo } = await client.send(new PutLogEventsCommand({ ...names, logEvents }));
  // An answer of 200 may leave events out whose time is too far from the service's.
  if (rejectedLogEventsInfo) throw new Error('CloudWatch Logs has not taken every line');
}

function batches(lines: readonly string[]): string[][] {
  const all: string[][] = [];
  let bytes = 0;
  for (const line of lines) {
    const size = Buffer.byteLength(line) + eventBytes;
    const last = all.at(-1);
    if (last && last.length < mostEvents && bytes + size <= mostBytes) {
      last.push(line);
      bytes += size;
    } else {
      all.push([line]);
      bytes = size;
    }
  }
  return all;
}
