import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { AwsError, notSupported } from '../aws-error.ts';
import { decodeAwsChunked } from './aws-chunked.ts';
import { type Checksum, checksumFor } from './checksums.ts';
import type { S3Request } from './request.ts';

export type ReceivedBody = { bytes: number; etag: string; checksums: Record<string, string> };

const maxPutBytes = 5 * 1024 ** 3;
const maxDocumentBytes = 4 * 1024 * 1024;

/**
 * Writes the object's bytes, without any chunk framing, into `sink`, and checks them against everything that the client
 * said about them. Throws IncompleteBody, BadDigest, InvalidDigest, EntityTooLarge, XAmzContentSHA256Mismatch or
 * InvalidRequest; what `sink` holds then must be thrown away.
 */
export async function receiveBody(request: S3Request, sink: Writable): Promise<ReceivedBody> {
  const { headers } = request;
  const trailers = new Map<string, string>();
  const framed = isAwsChunked(headers);
  const md5 = createHash('md5');
  const sha256 = /^[0-9a-f]{64}$/.test(headers.get('x-amz-content-sha256') ?? '') ? createHash('sha256') : undefined;
  const checksums = expectedChecksums(headers);
  let bytes = 0;

  async function* measured(source: AsyncIterable<Buffer>) {
    for await (const chunk of framed ? decodeAwsChunked(source, trailers) : source) {
      bytes += chunk.length;
      if (bytes > maxPutBytes) throw new AwsError('EntityTooLarge', 'The upload exceeds the maximum allowed size');
      md5.update(chunk);
      sha256?.update(chunk);
      for (const checksum of checksums.values()) checksum.update(chunk);
      yield chunk;
    }
  }
  await pipeline(Readable.from(measured(request.body), { objectMode: false }), sink);

  const declared = headers.get('x-amz-decoded-content-length');
  if (framed && declared !== undefined && Number(declared) !== bytes) {
    throw new AwsError('IncompleteBody', 'The body has not the number of bytes given by x-amz-decoded-content-length');
  }
  if (sha256 && sha256.digest('hex') !== headers.get('x-amz-content-sha256')) {
    throw new AwsError('XAmzContentSHA256Mismatch', "The provided 'x-amz-content-sha256' header does not match.");
  }
  const digest = md5.digest();
  const contentMd5 = headers.get('content-md5');
  if (contentMd5 !== undefined && contentMd5 !== digest.toString('base64')) {
    throw new AwsError('BadDigest', 'The Content-MD5 you specified did not match what we received.');
  }
  return { bytes, etag: digest.toString('hex'), checksums: compareChecksums(checksums, headers, trailers) };
}

/** `receiveBody` into a new file. A client that hangs up or is refused leaves no file behind. */
export async function receiveFile(request: S3Request, path: string): Promise<ReceivedBody> {
  return receiveBody(request, createWriteStream(path, { flags: 'wx', highWaterMark: 1024 * 1024 }));
}

/** `receiveBody` of a small document, as text. */
export async function receiveDocument(request: S3Request): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      chunks.push(chunk);
      done(bytes > maxDocumentBytes ? new AwsError('MaxMessageLengthExceeded', 'Your request was too big.') : null);
    },
  });
  await receiveBody(request, sink);
  return Buffer.concat(chunks).toString('utf8');
}

export function isAwsChunked(headers: ReadonlyMap<string, string>): boolean {
  const sha256 = headers.get('x-amz-content-sha256') ?? '';
  return sha256.startsWith('STREAMING-') || /\baws-chunked\b/i.test(headers.get('content-encoding') ?? '');
}

/** The checksums that the client sends, in a header or behind the body, by header name. */
function expectedChecksums(headers: ReadonlyMap<string, string>): Map<string, Checksum> {
  const announced = (headers.get('x-amz-trailer') ?? '').split(',').map((name) => name.trim().toLowerCase());
  const expected = new Map<string, Checksum>();
  for (const name of [...headers.keys(), ...announced]) {
    if (!name.startsWith('x-amz-checksum-') || /-(algorithm|mode)$/.test(name)) continue;
    const checksum = checksumFor(name);
    if (!checksum) throw notSupported(`S3 checksum ${name}`);
    expected.set(name, checksum);
  }
  return expected;
}

function compareChecksums(
  checksums: ReadonlyMap<string, Checksum>,
  headers: ReadonlyMap<string, string>,
  trailers: ReadonlyMap<string, string>,
): Record<string, string> {
  const computed: Record<string, string> = {};
  for (const [name, checksum] of checksums) {
    const given = headers.get(name) ?? trailers.get(name);
    if (given === undefined) throw new AwsError('MalformedTrailerError', `the trailer ${name} did not come`);
    const value = checksum.digest();
    if (given !== value) throw new AwsError('BadDigest', `The ${name} you specified did not match what we received.`);
    computed[name] = value;
  }
  return computed;
}
