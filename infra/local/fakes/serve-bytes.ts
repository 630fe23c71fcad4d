import { AwsError } from '../aws-error.ts';
import { type ByteRange, parseByteRange } from '../s3/byte-range.ts';
import { type ByteSource, partOf } from './byte-source.ts';
import { bytesAnswer, type FakeAnswer, type FakeRequest } from './exchange.ts';

/** A file and what its answers say of it. */
export type ServedFile = {
  readonly bytes: ByteSource;
  readonly contentType: string;
  /** as it stands in the header, with its quotes */
  readonly etag?: string;
  readonly lastModifiedMs?: number;
};

/**
 * Answers a GET or HEAD for bytes as RFC 9110 section 14 says: one range (206 with its `Content-Range`, or 416), all of
 * it for several ranges, for one that is not understood, and where `If-Range` names another version.
 */
export function serveBytes(request: FakeRequest, file: ServedFile): FakeAnswer {
  const { bytes, etag, lastModifiedMs } = file;
  const headers = {
    'content-type': file.contentType,
    'accept-ranges': 'bytes',
    ...(etag !== undefined && { etag }),
    ...(lastModifiedMs !== undefined && { 'last-modified': httpDate(lastModifiedMs) }),
  };
  const range = request.method === 'GET' && isSameVersion(request, file) ? rangeOf(request, bytes.length) : 'whole';
  if (range === 'whole') return bytesAnswer(200, bytes, headers);
  if (range === 'nowhere') return { status: 416, headers: { 'content-range': `bytes */${bytes.length}` }, body: '' };
  const { first, last } = range;
  const contentRange = `bytes ${first}-${last}/${bytes.length}`;
  return bytesAnswer(206, partOf(bytes, first, last + 1), { ...headers, 'content-range': contentRange });
}

function rangeOf(request: FakeRequest, length: number): ByteRange | 'whole' | 'nowhere' {
  try {
    return parseByteRange(request.headers['range'], length) ?? 'whole';
  } catch (error) {
    if (error instanceof AwsError) return 'nowhere';
    throw error;
  }
}

/** A weak ETag is no validator for parts, whoever sends it. */
function isSameVersion({ headers }: FakeRequest, { etag, lastModifiedMs }: ServedFile): boolean {
  const wanted = headers['if-range'];
  if (wanted === undefined) return true;
  if (wanted.startsWith('"')) return wanted === etag;
  return lastModifiedMs !== undefined && wanted === httpDate(lastModifiedMs);
}

function httpDate(ms: number): string {
  return new Date(ms).toUTCString();
}
