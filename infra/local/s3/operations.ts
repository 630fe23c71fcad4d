import { createBucket, headBucket } from './buckets.ts';
import { completeMultipartUpload } from './complete-upload.ts';
import { copyObject } from './copy-object.ts';
import { deleteObject, deleteObjects } from './delete-objects.ts';
import { getObject, headObject } from './get-object.ts';
import { listObjectsV2 } from './list-objects.ts';
import {
  abortMultipartUpload,
  createMultipartUpload,
  listMultipartUploads,
  listParts,
  uploadPart,
} from './multipart.ts';
import { putObject } from './put-object.ts';
import type { S3Operation } from './s3-operation.ts';

const overrides = ['type', 'disposition', 'encoding', 'language'].map((name) => `response-content-${name}`);
const read = [...overrides, 'response-cache-control', 'response-expires'];

/** What the embedded S3 can do, with the query parameters that it knows for each; anything else is refused by name. */
export const s3Operations: Readonly<Record<string, { run: S3Operation; query: readonly string[] }>> = {
  CreateBucket: { run: createBucket, query: [] },
  HeadBucket: { run: headBucket, query: [] },
  PutObject: { run: putObject, query: [] },
  GetObject: { run: getObject, query: read },
  HeadObject: { run: headObject, query: read },
  CopyObject: { run: copyObject, query: [] },
  DeleteObject: { run: deleteObject, query: [] },
  DeleteObjects: { run: deleteObjects, query: ['delete'] },
  ListObjectsV2: {
    run: listObjectsV2,
    query: ['list-type', 'prefix', 'delimiter', 'continuation-token', 'start-after', 'max-keys', 'encoding-type'],
  },
  CreateMultipartUpload: { run: createMultipartUpload, query: ['uploads'] },
  UploadPart: { run: uploadPart, query: ['uploadId', 'partNumber'] },
  CompleteMultipartUpload: { run: completeMultipartUpload, query: ['uploadId'] },
  AbortMultipartUpload: { run: abortMultipartUpload, query: ['uploadId'] },
  ListParts: { run: listParts, query: ['uploadId', 'max-parts', 'part-number-marker'] },
  ListMultipartUploads: {
    run: listMultipartUploads,
    query: ['uploads', 'prefix', 'max-uploads', 'key-marker', 'upload-id-marker', 'encoding-type'],
  },
};
