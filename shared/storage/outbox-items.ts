import type { AttributeValue, DynamoDBRecord } from 'aws-lambda';
import { type StateChange, stateChangeSchema } from '#shared/domain/connection-events.ts';
import { type SeenDrift, seenDriftSchema } from '#shared/domain/drift.ts';
import { gapCount } from '#shared/domain/hour-books.ts';
import { formatInstant } from '#shared/domain/instant.ts';
import { type OperationJob, operationJobSchema, polledKinds } from '#shared/domain/operation.ts';
import type { WindowReading } from '#shared/domain/window-events.ts';
import {
  driftPrefix,
  hourReading,
  ledgerPrefix,
  operationsPrefix,
  stateChange,
  streamsPartition,
  tableKeys,
} from '#shared/facts/table.ts';
import { toHourRow } from './ledger-rows.ts';

type Image = Readonly<Record<string, AttributeValue>>;

/**
 * What the table's stream tells beside conversations. Each gives null for a record of another item; an item of ours that
 * is not as we write it throws a ZodError, and its batch ends among the dead letters.
 */

/** The change of a connection's state that a write of its stream item was. */
export function toStateChange({ dynamodb }: DynamoDBRecord): StateChange | null {
  const { OldImage: before, NewImage: after } = dynamodb ?? {};
  if (!after || after[tableKeys.partition]?.S !== streamsPartition) return null;
  if (!after[stateChange] || before?.[stateChange]?.N === after[stateChange].N) return null;
  return stateChangeSchema.parse({ ...plain(after), change: Number(after[stateChange].N) });
}

/** A field of a provider that was seen for the first time. */
export function toDrift(record: DynamoDBRecord): SeenDrift | null {
  const after = insertedUnder(driftPrefix, record);
  return after && seenDriftSchema.parse({ ...plain(after), field: after[tableKeys.sort]?.S });
}

/** The job of an operation that was asked for; polls find theirs by themselves. */
export function toOperationJob(record: DynamoDBRecord): OperationJob | null {
  const after = insertedUnder(operationsPrefix, record);
  if (!after) return null;
  const kind = after[tableKeys.partition]?.S?.slice(operationsPrefix.length);
  const job = operationJobSchema.parse({ kind, id: after[tableKeys.sort]?.S });
  return polledKinds.includes(job.kind) ? null : job;
}

/** What there is to be told of an hour of the ledger; null for a write that computed its books again. */
export function toWindowReading({ dynamodb }: DynamoDBRecord): WindowReading | null {
  const { OldImage: before, NewImage: after } = dynamodb ?? {};
  if (!after?.[tableKeys.partition]?.S?.startsWith(ledgerPrefix)) return null;
  if (before?.[hourReading]?.N === after[hourReading]?.N) return null;
  const {
    connection,
    provider,
    hour,
    reading,
    computedAt: readAt,
    listed,
    stored,
    gaps,
    ...row
  } = toHourRow(plain(after));
  const missing = gapCount({ listed, stored, ...row });
  return {
    connection,
    provider,
    hour: formatInstant(hour),
    reading,
    readAt,
    listed,
    stored,
    missing,
    missingIds: gaps,
  };
}

/** The image of an item that came into being in a partition of this prefix. */
function insertedUnder(prefix: string, { dynamodb }: DynamoDBRecord): Image | null {
  const { OldImage: before, NewImage: after } = dynamodb ?? {};
  return after && !before && after[tableKeys.partition]?.S?.startsWith(prefix) ? after : null;
}

/** An image as plain values, as far as they are text, numbers, truths, nulls, lists and maps of these. */
const plain = (image: Image): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(image).map(([name, value]) => [name, plainValue(value)]));

function plainValue({ S, N, BOOL, NULL, M, L }: AttributeValue): unknown {
  if (NULL) return null;
  if (L) return L.map(plainValue);
  return S ?? BOOL ?? (N === undefined ? M && plain(M) : Number(N));
}
