import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { paginateQuery, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { type Checkpoint, checkpointSchema } from '#shared/domain/checkpoint.ts';
import { LeaseLost } from '#shared/domain/errors.ts';
import { healthAfter } from '#shared/domain/stream-health.ts';
import { itemAttributes, stateChange, streamsPartition } from '#shared/facts/table.ts';
import type { Store } from './document-client.ts';

/**
 * One item for each connection's stream: its lease, its checkpoint and its health. They stand together so that one
 * condition (the fence) guards all three: a runner that lost its lease can move none of them.
 */
export const streamStateSchema = z.object({
  connection: z.string(),
  stream: z.string(),
  provider: z.string(),
  /** counts the takings of the lease; a write with an older number is refused */
  fence: z.number(),
  leaseUntil: z.number(),
  checkpoint: checkpointSchema.nullable().default(null),
  lastSuccessAt: z.number().nullable().default(null),
  lastError: z.object({ code: z.string(), at: z.number() }).nullable().default(null),
  /** failed runs since the last good one */
  failures: z.int().default(0),
  /** whether it was told to be degraded, and how often that has changed (shared/domain/stream-health.ts) */
  degraded: z.boolean().default(false),
  changes: z.int().default(0),
  /** whether conversations come as they used to (shared/domain/silence.ts); null before it was looked at */
  silence: z.object({ checkedAt: z.number(), since: z.number().nullable() }).nullable().default(null),
});
export type StreamState = z.infer<typeof streamStateSchema>;

type Table = Pick<Store, 'documents' | 'table'>;

export type StreamName = { connection: string; stream: string; provider: string };
export type Lease = StreamName & { fence: number } & Pick<StreamState, 'degraded' | 'changes'>;

const keyOf = ({ connection, stream }: Pick<StreamName, 'connection' | 'stream'>) => ({
  pk: streamsPartition,
  sk: `${connection}#${stream}`,
});

/** Takes the lease until `now + leaseMs`, or null while another runner holds it. */
export async function takeLease(
  store: Table,
  name: StreamName,
  now: number,
  leaseMs: number,
): Promise<{ lease: Lease; state: StreamState } | null> {
  const answer = await refusedAsNull(
    store.documents.send(
      new UpdateCommand({
        TableName: store.table,
        Key: keyOf(name),
        UpdateExpression:
          'SET leaseUntil = :until, fence = if_not_exists(fence, :zero) + :one, #connection = :c, #stream = :s, #provider = :p REMOVE #change',
        ConditionExpression: 'attribute_not_exists(leaseUntil) OR leaseUntil <= :now',
        ExpressionAttributeNames: {
          '#connection': 'connection',
          '#stream': 'stream',
          '#provider': 'provider',
          '#change': stateChange,
        },
        ExpressionAttributeValues: {
          ':until': now + leaseMs,
          ':zero': 0,
          ':one': 1,
          ':now': now,
          ':c': name.connection,
          ':s': name.stream,
          ':p': name.provider,
        },
        ReturnValues: 'ALL_NEW',
      }),
    ),
  );
  if (!answer) return null;
  const state = streamStateSchema.parse(answer.Attributes);
  const { fence, degraded, changes } = state;
  return { lease: { ...name, fence, degraded, changes }, state };
}

/** Writes under the lease and prolongs it. Throws LeaseLost where another runner has taken it since. */
async function updateUnderLease(
  store: Table,
  lease: Lease,
  assignments: Readonly<Record<string, unknown>>,
): Promise<void> {
  const names = Object.keys(assignments);
  const answer = await refusedAsNull(
    store.documents.send(
      new UpdateCommand({
        TableName: store.table,
        Key: keyOf(lease),
        UpdateExpression: `SET ${names.map((_, i) => `#n${i} = :v${i}`).join(', ')}`,
        ConditionExpression: 'fence = :fence',
        ExpressionAttributeNames: Object.fromEntries(names.map((name, i) => [`#n${i}`, name])),
        ExpressionAttributeValues: {
          ':fence': lease.fence,
          ...Object.fromEntries(names.map((name, i) => [`:v${i}`, assignments[name]])),
        },
      }),
    ),
  );
  if (!answer) throw new LeaseLost(`another runner reads ${lease.connection}/${lease.stream}`);
}

export const renewLease = (store: Table, lease: Lease, leaseUntil: number): Promise<void> =>
  updateUnderLease(store, lease, { leaseUntil });

/** Layout number of the checkpoints written now; those before it had none. */
const schema = 1;

/** Moves the checkpoint and prolongs the lease in one write. */
export const saveCheckpoint = (store: Table, lease: Lease, checkpoint: Checkpoint, leaseUntil: number): Promise<void> =>
  updateUnderLease(store, lease, {
    ...{ checkpoint: checkpointSchema.parse(checkpoint), [itemAttributes.schema]: schema },
    leaseUntil,
  });

export type RunEnd =
  | { lastSuccessAt: number; silence?: StreamState['silence'] }
  | { lastError: { code: string; at: number }; failures: number };

/**
 * Gives the lease back and writes down how the run ended; `null` for a run that asked nothing. The write that moves the
 * state carries the number of the change, by which publish knows it; the next lease takes the number away.
 */
export function releaseLease(store: Table, lease: Lease, end: RunEnd | null): Promise<void> {
  if (end === null) return updateUnderLease(store, lease, { leaseUntil: 0 });
  const health = 'lastSuccessAt' in end ? { ...end, lastError: null, failures: 0 } : end;
  const { change, ...state } = healthAfter(lease, health);
  const told = change === undefined ? {} : { [stateChange]: change };
  return updateUnderLease(store, lease, { leaseUntil: 0, ...health, ...state, ...told });
}

/** The states of all streams of all connections: one query a megabyte. */
export async function listStreams(store: Table): Promise<StreamState[]> {
  const input = {
    TableName: store.table,
    KeyConditionExpression: 'pk = :streams',
    ExpressionAttributeValues: { ':streams': streamsPartition },
  };
  const states: StreamState[] = [];
  for await (const page of paginateQuery({ client: store.documents }, input)) {
    states.push(...(page.Items ?? []).map((item) => streamStateSchema.parse(item)));
  }
  return states;
}

/** The answer, or null where the write's own condition refused it. */
async function refusedAsNull<T>(write: Promise<T>): Promise<T | null> {
  try {
    return await write;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return null;
    throw error;
  }
}
