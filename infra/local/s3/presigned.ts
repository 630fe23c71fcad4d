import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { AwsError } from '../aws-error.ts';
import type { S3Request } from './request.ts';

export type Credentials = { accessKeyId: string; secretAccessKey: string };

const maxExpiresSeconds = 7 * 24 * 60 * 60;
const maxClockSkewMs = 15 * 60 * 1000;

/** The access key id that a presigned URL names. */
export const signerOf = ({ query }: S3Request): string => query.get('X-Amz-Credential')?.split('/')[0] ?? '';

/**
 * Checks the signature and the life of a presigned URL (AWS Signature Version 4 in the query).
 * `secretOf` gives the secret key of an access key id, or null for one that nobody has.
 * Throws AuthorizationQueryParametersError, InvalidAccessKeyId, AccessDenied (expired) or SignatureDoesNotMatch.
 */
export function verifyPresigned(
  request: S3Request,
  secretOf: (accessKeyId: string) => Credentials['secretAccessKey'] | null,
  now: number,
): void {
  const parameter = (name: string) => request.query.get(name) ?? '';
  const [, day = '', region = '', service = '', end] = parameter('X-Amz-Credential').split('/');
  const stamp = parameter('X-Amz-Date');
  const signedAt = parseStamp(stamp);
  const expiresSeconds = Number(parameter('X-Amz-Expires'));
  const wellFormed =
    parameter('X-Amz-Algorithm') === 'AWS4-HMAC-SHA256' &&
    service === 's3' &&
    end === 'aws4_request' &&
    stamp.startsWith(day) &&
    Number.isInteger(expiresSeconds) &&
    expiresSeconds >= 1 &&
    expiresSeconds <= maxExpiresSeconds;
  if (!wellFormed || signedAt === undefined) {
    throw new AwsError('AuthorizationQueryParametersError', 'the parameters of the signature are not well formed');
  }
  const secretKey = secretOf(signerOf(request));
  if (secretKey === null) throw unknownKey();
  if (now < signedAt - maxClockSkewMs) throw new AwsError('AccessDenied', 'Request is not valid yet', 403);
  if (now >= signedAt + expiresSeconds * 1000) throw new AwsError('AccessDenied', 'Request has expired', 403);

  const scope = `${day}/${region}/${service}/aws4_request`;
  const text = ['AWS4-HMAC-SHA256', stamp, scope, sha256(canonicalRequest(request))].join('\n');
  const key = [day, region, service, 'aws4_request'].reduce<string | Buffer>(
    (secret, part) => hmac(secret, part),
    `AWS4${secretKey}`,
  );
  const expected = hmac(key, text);
  const given = Buffer.from(parameter('X-Amz-Signature'), 'hex');
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
    throw new AwsError('SignatureDoesNotMatch', 'The request signature we calculated does not match.', 403);
  }
}

export const unknownKey = (): AwsError =>
  new AwsError('InvalidAccessKeyId', 'The AWS Access Key Id you provided does not exist in our records.', 403);

function canonicalRequest({ method, rawPath, query, headers, body }: S3Request): string {
  const signed = (query.get('X-Amz-SignedHeaders') ?? '').toLowerCase().split(';');
  const unsigned = Object.keys(body.headers).find((name) => name.startsWith('x-amz-') && !signed.includes(name));
  if (unsigned) throw new AwsError('AccessDenied', `There is a header that was not signed: ${unsigned}`, 403);
  const parameters = [...query]
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => ({ name: encode(name), value: encode(value) }))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, value }) => `${name}=${value}`);
  const lines = signed.map((name) => `${name}:${(headers.get(name) ?? '').trim().replace(/\s+/g, ' ')}\n`);
  const payload = headers.get('x-amz-content-sha256') ?? 'UNSIGNED-PAYLOAD';
  return [method, rawPath, parameters.join('&'), lines.join(''), signed.join(';'), payload].join('\n');
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (found) => `%${found.charCodeAt(0).toString(16).toUpperCase()}`);
}

function parseStamp(stamp: string): number | undefined {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(stamp);
  if (!match) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1);
  const milliseconds = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(milliseconds) ? undefined : milliseconds;
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();
