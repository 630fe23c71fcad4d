import { randomUUID } from 'node:crypto';
import { AwsError } from '../aws-error.ts';
import { transaction } from '../sqlite.ts';
import { checksumElement } from './checksums.ts';
import { keyEncoder, pageSize } from './list-objects.ts';
import { receiveFile } from './receive-body.ts';
import type { S3Request } from './request.ts';
import type { S3Operation } from './s3-operation.ts';
import { storedHeaders } from './stored-headers.ts';
import * as uploads from './uploads.ts';
import { document, type Element } from './xml.ts';

const maxPartNumber = 10_000;
const maxPerPage = 1000;

export const createMultipartUpload: S3Operation = (request, { store, now }) => {
  const { bucket, key } = request;
  store.requireBucket(bucket);
  const id = randomUUID();
  const algorithm = request.headers.get('x-amz-checksum-algorithm')?.toLowerCase();
  const headers = storedHeaders(request);
  uploads.insertUpload(store.database, {
    ...{ id, bucket, key, started: now(), headers },
    ...(algorithm !== undefined && { checksum: `x-amz-checksum-${algorithm}` }),
  });
  const xml = document('InitiateMultipartUploadResult', [
    ['Bucket', bucket],
    ['Key', key],
    ['UploadId', id],
  ]);
  return { status: 200, xml };
};

export const uploadPart: S3Operation = async (request, { store, now }) => {
  const { bucket, key, query } = request;
  store.requireBucket(bucket);
  const id = uploadId(request);
  const number = Number(query.get('partNumber'));
  if (!Number.isInteger(number) || number < 1 || number > maxPartNumber) {
    throw new AwsError('InvalidArgument', `Part number must be an integer between 1 and ${maxPartNumber}, inclusive`);
  }
  uploads.requireUpload(store.database, id, bucket, key);
  const name = store.files.newName();
  try {
    const { bytes, etag, checksums } = await receiveFile(request, store.files.path(name));
    const part = { number, etag, modified: now(), checksums, file: { name, bytes } };
    const replaced = transaction(store.database, () => {
      uploads.requireUpload(store.database, id, bucket, key); // it may be gone by now
      return uploads.putPart(store.database, id, part);
    });
    store.files.discard(replaced);
    return { status: 200, headers: { etag: `"${etag}"`, ...checksums } };
  } catch (error) {
    store.files.discard([{ name }]);
    throw error;
  }
};

export const abortMultipartUpload: S3Operation = (request, { store }) => {
  const { bucket, key } = request;
  store.requireBucket(bucket);
  const { id } = uploads.requireUpload(store.database, uploadId(request), bucket, key);
  const parts = uploads.listParts(store.database, id);
  transaction(store.database, () => uploads.deleteUpload(store.database, id));
  store.files.discard(parts.map((part) => part.file));
  return { status: 204 };
};

export const listParts: S3Operation = (request, { store }) => {
  const { bucket, key, query } = request;
  store.requireBucket(bucket);
  const { id } = uploads.requireUpload(store.database, uploadId(request), bucket, key);
  const marker = pageSize(query.get('part-number-marker') ?? '0', maxPartNumber);
  const limit = pageSize(query.get('max-parts'), maxPerPage);
  const parts = uploads.listParts(store.database, id).filter((part) => part.number > marker);
  const page = parts.slice(0, limit);
  const xml = document('ListPartsResult', [
    ['Bucket', bucket],
    ['Key', key],
    ['UploadId', id],
    ['PartNumberMarker', marker],
    ['NextPartNumberMarker', page.at(-1)?.number ?? marker],
    ['MaxParts', limit],
    ['IsTruncated', parts.length > page.length],
    ...page.map((part): Element => ['Part', renderPart(part)]),
  ]);
  return { status: 200, xml };
};

export const listMultipartUploads: S3Operation = ({ bucket, query }, { store }) => {
  store.requireBucket(bucket);
  const encode = keyEncoder(query);
  const limit = pageSize(query.get('max-uploads'), maxPerPage);
  const prefix = query.get('prefix') ?? '';
  const all = uploads.listUploads(store.database, bucket);
  const [afterKey, afterId] = [query.get('key-marker') ?? '', query.get('upload-id-marker') ?? ''];
  const at = all.findIndex((upload) => upload.key === afterKey && upload.id === afterId);
  const behind = afterId
    ? all.slice(at + 1)
    : all.filter(({ key }) => Buffer.compare(Buffer.from(key), Buffer.from(afterKey)) > 0);
  const found = behind.filter((upload) => upload.key.startsWith(prefix));
  const page = found.slice(0, limit);
  const last = page.at(-1);
  const xml = document('ListMultipartUploadsResult', [
    ['Bucket', bucket],
    ['Prefix', encode(prefix)],
    ['MaxUploads', limit],
    ['IsTruncated', found.length > page.length],
    last && ['NextKeyMarker', encode(last.key)],
    last && ['NextUploadIdMarker', last.id],
    ...page.map(
      ({ key, id, started }): Element => [
        'Upload',
        [
          ['Key', encode(key)],
          ['UploadId', id],
          ['Initiated', new Date(started).toISOString()],
        ],
      ],
    ),
  ]);
  return { status: 200, xml };
};

function renderPart({ number, etag, modified, checksums, file }: uploads.Part): Element[] {
  return [
    ['PartNumber', number],
    ['LastModified', new Date(modified).toISOString()],
    ['ETag', `"${etag}"`],
    ['Size', file.bytes],
    ...Object.entries(checksums).map(([header, value]): Element => [checksumElement(header), value]),
  ];
}

function uploadId({ query }: S3Request): string {
  return query.get('uploadId') ?? '';
}
