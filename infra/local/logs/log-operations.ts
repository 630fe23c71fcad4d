import type { DatabaseSync } from 'node:sqlite';
import * as z from 'zod';
import { type JsonOperation, operation } from '../aws-json.ts';
import { addEvents, createGroup, createStream } from './log-store.ts';
import { checkBatch, rejectedByTime } from './put-rules.ts';
import { readOperations } from './read-operations.ts';

const group = { logGroupName: z.string().regex(/^[\w./#-]{1,512}$/) };
const stream = { ...group, logStreamName: z.string().regex(/^[^:*]{1,512}$/) };
const event = z.strictObject({ timestamp: z.int().nonnegative(), message: z.string().min(1) });

/** Operations of the embedded CloudWatch Logs. */
export function logOperations(database: DatabaseSync, now: () => number): Record<string, JsonOperation> {
  return {
    CreateLogGroup: operation(z.strictObject(group), ({ logGroupName }) => createGroup(database, logGroupName)),
    CreateLogStream: operation(z.strictObject(stream), ({ logGroupName, logStreamName }) =>
      createStream(database, logGroupName, logStreamName),
    ),
    PutLogEvents: operation(
      z.strictObject({ ...stream, logEvents: z.array(event).min(1) }),
      ({ logGroupName, logStreamName, logEvents }) => {
        checkBatch(logEvents);
        const { taken, rejectedLogEventsInfo } = rejectedByTime(logEvents, now());
        addEvents(database, logGroupName, logStreamName, taken, now());
        return { rejectedLogEventsInfo };
      },
    ),
    ...readOperations(database),
  };
}
