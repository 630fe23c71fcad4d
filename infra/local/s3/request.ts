import type { IncomingMessage } from 'node:http';
import { AwsError, notSupported } from '../aws-error.ts';

/** A path-style S3 request, taken apart. `bucket` and `key` are empty where the path has none. */
export type S3Request = {
  method: string;
  /** path as received, still percent-encoded: signatures are made over these bytes */
  rawPath: string;
  bucket: string;
  key: string;
  query: ReadonlyMap<string, string>;
  /** lower-case names; a presigned URL's `x-amz-…` query parameters stand here too, as on AWS */
  headers: ReadonlyMap<string, string>;
  body: S3Message;
};

/** What is read of a request as it comes: from a socket, or from a client of this process. */
export type S3Message = Pick<IncomingMessage, 'method' | 'url' | 'headers' | 'destroyed' | 'complete'> &
  AsyncIterable<Buffer>;

const maxKeyBytes = 1024;

/** Headers with an effect on AWS that this server does not have are refused by name, so only these may come. */
const knownAmzHeaders = new Set([
  ...['x-amz-date', 'x-amz-content-sha256', 'x-amz-security-token', 'x-amz-user-agent', 'x-amz-decoded-content-length'],
  ...['x-amz-trailer', 'x-amz-sdk-checksum-algorithm', 'x-amz-checksum-algorithm', 'x-amz-checksum-mode'],
  ...['x-amz-copy-source', 'x-amz-metadata-directive', 'x-amz-copy-source-if-match', 'x-amz-copy-source-if-none-match'],
  ...['x-amz-copy-source-if-modified-since', 'x-amz-copy-source-if-unmodified-since'],
  ...['x-amz-algorithm', 'x-amz-credential', 'x-amz-expires', 'x-amz-signedheaders', 'x-amz-signature'],
  ...['x-amz-checksum-crc32', 'x-amz-checksum-crc32c', 'x-amz-checksum-sha1', 'x-amz-checksum-sha256'],
]);

/** Throws InvalidURI, KeyTooLongError or NotImplemented (for an `x-amz-` header without an effect here). */
export function parseRequest(message: S3Message): S3Request {
  // Not `new URL`: that would fold `a/../b` into `b`, which is another key.
  const [rawPath = '/', rawQuery = ''] = splitOnce(message.url ?? '/', '?');
  const [bucket, key] = splitOnce(decode(rawPath.slice(1)), '/');
  if (Buffer.byteLength(key) > maxKeyBytes) throw new AwsError('KeyTooLongError', 'Your key is too long');
  const query = parseQuery(rawQuery);
  const headers = new Map<string, string>();
  for (const [name, value] of Object.entries(message.headers)) {
    headers.set(name, Array.isArray(value) ? value.join(',') : (value ?? ''));
  }
  for (const [name, value] of query) if (/^x-amz-/i.test(name)) headers.set(name.toLowerCase(), value);
  for (const name of headers.keys()) {
    const known = knownAmzHeaders.has(name) || name.startsWith('x-amz-meta-') || !name.startsWith('x-amz-');
    if (!known) throw notSupported(`S3 header ${name}`);
  }
  return { method: message.method ?? '', rawPath, bucket, key, query, headers, body: message };
}

/** Percent-decoded; a `+` in a path is a plus sign. */
export function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new AwsError('InvalidURI', "Couldn't parse the specified URI.");
  }
}

function parseQuery(raw: string): Map<string, string> {
  const query = new Map<string, string>();
  for (const pair of raw.split('&')) {
    if (pair === '') continue;
    const [name, value] = splitOnce(pair, '=');
    query.set(decode(name), decode(value.replaceAll('+', ' ')));
  }
  return query;
}

export function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + separator.length)];
}
