import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { GetCommand, UpdateCommand, type UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { LeaseLost } from '#shared/domain/errors.ts';
import { keyHash } from '#shared/domain/media-copy.ts';
import { itemAttributes } from '#shared/facts/table.ts';
import type { Store } from './document-client.ts';

/**
 * One item for each file that goes up in parts: who copies it, and how far that has come. One condition (the fence)
 * guards both, so that two runners never write parts of one upload.
 */
type Table = Pick<Store, 'documents' | 'table'>;

/** How far a copy has come: always a whole number of parts. */
export const copyProgressSchema = z.object({
  upload: z.object({ id: z.string(), object: z.string() }),
  partBytes: z.int().positive(),
  /** parts that are up */
  parts: z.int().positive(),
  /** over the hashes of these parts: another runner may have put other bytes in their places */
  partsDigest: z.string(),
  /**
   * the running SHA-512 of their bytes, as hash-wasm saves it; holds up to a block (128 bytes) of what was hashed, so it
   * is as confidential as the file
   */
  hashState: z.instanceof(Uint8Array),
  /** which version of the file they are of, as the source says (shared/http/download-answer.ts) */
  version: z.object({
    validator: z.string().nullable(),
    total: z.int().nonnegative().nullable(),
    contentType: z.string(),
  }),
  /** the file's revision that is being copied */
  revision: z.string().nullable(),
});
export type CopyProgress = z.infer<typeof copyProgressSchema>;

const copyItemSchema = z.object({
  fence: z.int(),
  leaseUntil: z.number(),
  progress: copyProgressSchema.nullish(),
});

export type FileName = { uuid: string; key: string };
export type CopyLease = FileName & { fence: number };
export type CopyState = { leaseUntil: number; progress: CopyProgress | null };

const keyOf = ({ uuid, key }: FileName) => ({ pk: `media#${uuid}`, sk: keyHash(key) });

/** How long an item is kept after its last write: as long as the bucket keeps parts that nobody completes. */
const keptMs = 7 * 86_400_000;
const ttlAt = (now: number): number => Math.ceil((now + keptMs) / 1_000);

/** Whether somebody copies the file, and how far a copy has come that nobody goes on with. */
export async function readCopy({ documents, table }: Table, file: FileName): Promise<CopyState> {
  const answer = await documents.send(new GetCommand({ TableName: table, Key: keyOf(file), ConsistentRead: true }));
  const { leaseUntil, progress } = copyItemSchema.parse(answer.Item ?? { fence: 0, leaseUntil: 0 });
  return { leaseUntil, progress: progress ?? null };
}

/** Takes the file until `now + leaseMs`, with what was saved of it. Throws LeaseLost while another runner has it. */
export async function takeCopy(
  table: Table,
  file: FileName,
  now: number,
  leaseMs: number,
): Promise<{ lease: CopyLease; progress: CopyProgress | null }> {
  const item = await update(table, file, {
    UpdateExpression: 'SET leaseUntil = :until, fence = if_not_exists(fence, :zero) + :one, #ttl = :ttl',
    ConditionExpression: 'attribute_not_exists(leaseUntil) OR leaseUntil <= :now',
    ExpressionAttributeNames: { '#ttl': 'ttl' },
    ExpressionAttributeValues: { ':until': now + leaseMs, ':zero': 0, ':one': 1, ':now': now, ':ttl': ttlAt(now) },
  });
  return { lease: { ...file, fence: item.fence }, progress: item.progress ?? null };
}

/** Prolongs the lease. Throws LeaseLost where another runner has taken the file since, as every write below. */
export async function keepCopy(table: Table, lease: CopyLease, leaseUntil: number): Promise<void> {
  await update(table, lease, {
    UpdateExpression: 'SET leaseUntil = :until',
    ConditionExpression: 'fence = :fence',
    ExpressionAttributeValues: { ':until': leaseUntil, ':fence': lease.fence },
  });
}

/** Layout number of the progress written now; those before it had none. */
const schema = 1;

/** Keeps how far the copy has come, or forgets it (null), and prolongs the lease, or gives it back (0). */
export async function saveCopy(
  table: Table,
  lease: CopyLease,
  progress: CopyProgress | null,
  { leaseUntil, now }: { leaseUntil: number; now: number },
): Promise<void> {
  await update(table, lease, {
    UpdateExpression: 'SET leaseUntil = :until, progress = :progress, #ttl = :ttl, #m = :m',
    ConditionExpression: 'fence = :fence',
    ExpressionAttributeNames: { '#ttl': 'ttl', '#m': itemAttributes.schema },
    ExpressionAttributeValues: {
      ':until': leaseUntil,
      ':m': schema,
      ':progress': progress,
      ':ttl': ttlAt(now),
      ':fence': lease.fence,
    },
  });
}

type Change = Pick<
  UpdateCommandInput,
  'UpdateExpression' | 'ConditionExpression' | 'ExpressionAttributeNames' | 'ExpressionAttributeValues'
>;

async function update({ documents, table }: Table, file: FileName, change: Change) {
  try {
    const command = new UpdateCommand({ TableName: table, Key: keyOf(file), ...change, ReturnValues: 'ALL_NEW' });
    return copyItemSchema.parse((await documents.send(command)).Attributes);
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) throw new LeaseLost(`another runner copies for ${file.uuid}`);
    throw error;
  }
}
