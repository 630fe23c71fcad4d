import type { Ask } from '../access/grants.ts';
import { bucketArn } from '../template/arns.ts';
import { copySource } from './copy-source.ts';
import type { S3Request } from './request.ts';

/** Operations whose right is named otherwise. */
const rights: Readonly<Record<string, string>> = {
  HeadObject: 'GetObject',
  CreateMultipartUpload: 'PutObject',
  UploadPart: 'PutObject',
  CompleteMultipartUpload: 'PutObject',
  CopyObject: 'PutObject',
  ListParts: 'ListMultipartUploadParts',
  HeadBucket: 'ListBucket',
  ListObjectsV2: 'ListBucket',
  ListMultipartUploads: 'ListBucketMultipartUploads',
  DeleteObjects: 'DeleteObject',
};

export const objectArn = (bucket: string, key: string): string => `${bucketArn(bucket)}/${key}`;

/** The rights that an operation takes. Those of DeleteObjects stand in its body, and are asked for key by key there. */
export function askedOfS3(operation: string, request: S3Request): Ask[] {
  const { bucket, key, query } = request;
  if (operation === 'DeleteObjects') return [];
  const action = `s3:${rights[operation] ?? operation}`;
  if (key !== '') {
    const source = operation === 'CopyObject' ? copySource(request) : undefined;
    const reading = source ? [{ action: 's3:GetObject', resource: objectArn(source.bucket, source.key) }] : [];
    return [...reading, { action, resource: objectArn(bucket, key) }];
  }
  const prefix = operation === 'ListObjectsV2' ? [query.get('prefix') ?? ''] : [];
  return [{ action, resource: bucketArn(bucket), context: { 's3:prefix': prefix } }];
}
