import type { DatabaseSync } from 'node:sqlite';
import * as z from 'zod';
import { AwsError } from '../aws-error.ts';
import { type JsonOperation, operation } from '../aws-json.ts';
import { type Place, requireStream, type StoredEvent, selectEvents } from './log-store.ts';

const mostPerPage = 10_000;

const page = {
  logGroupName: z.string(),
  startTime: z.int().optional(),
  endTime: z.int().optional(),
  nextToken: z.string().optional(),
  limit: z.int().min(1).max(mostPerPage).default(mostPerPage),
};

/** What a person looks at a log with; patterns are not understood. */
export function readOperations(database: DatabaseSync): Record<string, JsonOperation> {
  return {
    FilterLogEvents: operation(
      z.strictObject({
        ...page,
        logStreamNames: z.array(z.string()).min(1).optional(),
        // An old switch that AWS takes and does not look at any more.
        interleaved: z.boolean().optional(),
      }),
      ({ logGroupName, logStreamNames, startTime: from, endTime, nextToken, limit }) => {
        const to = endTime === undefined ? undefined : endTime + 1; // the end belongs to it, as it does not in GetLogEvents
        const beyond = nextToken === undefined ? undefined : placeOf(nextToken);
        const selection = { group: logGroupName, streams: logStreamNames, from, to, beyond };
        const found = selectEvents(database, { ...selection, newestFirst: false, limit });
        const last = found.length === limit ? found.at(-1) : undefined;
        return { events: found.map(filtered), nextToken: last && tokenOf(last) };
      },
    ),
    GetLogEvents: operation(
      z.strictObject({ ...page, logStreamName: z.string(), startFromHead: z.boolean().default(false) }),
      ({ logGroupName, logStreamName, startTime: from, endTime: to, nextToken, limit, startFromHead }) => {
        requireStream(database, logGroupName, logStreamName);
        const [direction, token] = nextToken?.split('/') ?? [startFromHead ? 'f' : 'b'];
        const newestFirst = direction === 'b';
        const beyond = token === undefined ? undefined : placeOf(token);
        const selection = { group: logGroupName, streams: [logStreamName], from, to, beyond };
        const found = selectEvents(database, { ...selection, newestFirst, limit });
        if (newestFirst) found.reverse();
        // At an end the token stays the same, which is how a reader sees it.
        const [first, last] = [found[0] ?? beyond ?? start, found.at(-1) ?? beyond ?? start];
        return {
          events: found.map(({ timestamp, message, ingestionTime }) => ({ timestamp, message, ingestionTime })),
          nextForwardToken: `f/${tokenOf(last)}`,
          nextBackwardToken: `b/${tokenOf(first)}`,
        };
      },
    ),
  };
}

const start: Place = { timestamp: 0, id: 0 };

const filtered = ({ id, stream, ...event }: StoredEvent) => ({ ...event, logStreamName: stream, eventId: String(id) });

const tokenOf = ({ timestamp, id }: Place): string => `${timestamp}-${id}`;

function placeOf(token: string): Place {
  const [, timestamp, id] = /^(\d+)-(\d+)$/.exec(token) ?? [];
  if (timestamp === undefined || id === undefined)
    throw new AwsError('InvalidParameterException', 'The specified nextToken is invalid.');
  return { timestamp: Number(timestamp), id: Number(id) };
}
