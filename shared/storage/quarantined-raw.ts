import { GetObjectCommand } from '@aws-sdk/client-s3';
import { type Bucket, isRefusal } from './media-objects.ts';
import type { QuarantineEntry } from './read-quarantine.ts';

/** The raw bytes of a quarantined record as text; null where they are gone. */
export async function readQuarantinedRaw(
  { objects, bucket }: Bucket,
  { object }: Pick<QuarantineEntry, 'object'>,
): Promise<string | null> {
  try {
    const { Body: body } = await objects.send(new GetObjectCommand({ Bucket: bucket, Key: object }));
    return (await body?.transformToString()) ?? null;
  } catch (error) {
    // Who may not list the bucket is not told that a name is free.
    if (isRefusal(error, 'NoSuchKey', 'AccessDenied')) return null;
    throw error;
  }
}
