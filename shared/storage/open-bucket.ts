import type { S3Client } from '@aws-sdk/client-s3';
import { env } from '#shared/facts/env.ts';
import { requireEnv } from '#shared/runtime/env.ts';
import { late } from './late.ts';

/**
 * S3's client, or what loads it with the first command: reading records needs none, and it would be a sixth of the code
 * that the lookup loads at its start.
 */
export type Objects = S3Client | LateObjects;
type LateObjects = Pick<S3Client, 'send'> & { client: () => Promise<S3Client> };

/** The bucket that the function's environment names, alone: for a function that has nothing to do with the table. */
export const openBucket = (): { objects: Objects; bucket: string } => ({
  objects: lateObjects(late(async () => (await import('./open-objects.ts')).openObjects())),
  bucket: requireEnv(env.bucket),
});

function lateObjects(client: () => Promise<S3Client>): LateObjects {
  // Its overloads have one meaning here: what was given is handed on.
  const send = async (...given: Parameters<S3Client['send']>) => (await client()).send(...given);
  return { client, send: send as S3Client['send'] };
}
