import { AwsError } from '../aws-error.ts';
import { type ByteRange, parseByteRange } from './byte-range.ts';
import { checkRead } from './conditions.ts';
import type { ObjectInfo } from './object-store.ts';
import type { S3Request } from './request.ts';
import type { S3Answer, S3Context, S3Operation } from './s3-operation.ts';

export const getObject: S3Operation = (request, context) => {
  const { object, range, answer } = read(request, context);
  if (answer.status === 304) return answer;
  return { ...answer, content: { object, range, release: context.store.files.hold(object.files) } };
};

export const headObject: S3Operation = (request, context) => read(request, context).answer;

function read(request: S3Request, context: S3Context): { object: ObjectInfo; range: ByteRange; answer: S3Answer } {
  const object = requireObject(request, context);
  if (checkRead(request.headers, object) === 'notModified') {
    const headers = { etag: `"${object.etag}"`, 'last-modified': httpDate(object) };
    return { object, range: { first: 0, last: -1 }, answer: { status: 304, headers } };
  }
  const asked = parseByteRange(request.headers.get('range'), object.size);
  const range = asked ?? { first: 0, last: object.size - 1 };
  const wantsChecksum = request.headers.get('x-amz-checksum-mode')?.toUpperCase() === 'ENABLED';
  const headers = {
    ...object.headers,
    ...overrides(request),
    etag: `"${object.etag}"`,
    'last-modified': httpDate(object),
    'accept-ranges': 'bytes',
    'content-length': range.last - range.first + 1,
    ...(asked && { 'content-range': `bytes ${range.first}-${range.last}/${object.size}` }),
    // A checksum is that of the whole object, so it would not fit a part of it.
    ...(wantsChecksum && !asked && object.checksums),
  };
  return { object, range, answer: { status: asked ? 206 : 200, headers } };
}

/** Throws NoSuchBucket, NoSuchKey, or AccessDenied for what is not there and whose caller may not list the bucket. */
export function requireObject(
  { bucket, key }: { bucket: string; key: string },
  { store, caller }: S3Context,
): ObjectInfo {
  store.requireBucket(bucket);
  const object = store.find(bucket, key);
  if (!object && !caller.maySee(bucket)) throw new AwsError('AccessDenied', 'Access Denied', 403);
  if (!object) throw new AwsError('NoSuchKey', 'The specified key does not exist.', 404);
  return object;
}

function overrides({ query }: S3Request): NonNullable<S3Answer['headers']> {
  const entries = [...query].filter(([name]) => name.startsWith('response-'));
  return Object.fromEntries(entries.map(([name, value]) => [name.slice('response-'.length), value]));
}

function httpDate({ modified }: ObjectInfo): string {
  return new Date(modified).toUTCString();
}
