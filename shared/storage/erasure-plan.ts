import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import * as z from 'zod';
import { providerNames } from '#shared/domain/conversation.ts';
import { erasureCounts } from '#shared/domain/operation-erasure.ts';
import { type Bucket, isRefusal } from './media-objects.ts';
import { removeObject } from './remove-objects.ts';

/**
 * What an erasure works on, as it was found when it was asked for. It lies in the bucket and not in the table, whose
 * backups would keep the participant for weeks, and it is gone, or empty, at the end.
 */
const planSchema = z.object({
  /** the key of the phone, the e-mail or the id; null where conversations were named */
  participant: z.string().nullable(),
  connections: z.array(z.object({ id: z.string(), provider: z.enum(providerNames).nullable() })),
  /** uuids */
  conversations: z.array(z.string()),
  /** what was removed by plans of the same operation before this one */
  earlier: erasureCounts,
  /** what this one removes; null until nothing is left of it but the tombstones' own notes */
  counted: erasureCounts.nullable(),
});
export type ErasurePlan = z.infer<typeof planSchema>;

export const plansPrefix = 'erasures/';
const keyOf = (operation: string): string => `${plansPrefix}${operation}.json`;

export async function putPlan({ objects, bucket }: Bucket, operation: string, plan: ErasurePlan): Promise<void> {
  const input = { Bucket: bucket, Key: keyOf(operation), ContentType: 'application/json', Body: JSON.stringify(plan) };
  await objects.send(new PutObjectCommand(input));
}

/** Null where there is none (any more). */
export async function getPlan({ objects, bucket }: Bucket, operation: string): Promise<ErasurePlan | null> {
  try {
    const { Body: body } = await objects.send(new GetObjectCommand({ Bucket: bucket, Key: keyOf(operation) }));
    return planSchema.parse(JSON.parse((await body?.transformToString()) ?? ''));
  } catch (error) {
    if (isRefusal(error, 'NoSuchKey', 'AccessDenied')) return null;
    throw error;
  }
}

export const removePlan = (bucket: Bucket, operation: string): Promise<void> => removeObject(bucket, keyOf(operation));
