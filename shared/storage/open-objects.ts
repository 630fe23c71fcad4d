import { S3Client } from '@aws-sdk/client-s3';
import { findEnv } from '#shared/runtime/env.ts';

/** S3 as the function's environment names it. A custom endpoint (one machine) has no host name per bucket. */
export const openObjects = (): S3Client =>
  new S3Client({ forcePathStyle: findEnv('AWS_ENDPOINT_URL_S3') !== undefined });
