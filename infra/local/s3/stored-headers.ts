import { AwsError } from '../aws-error.ts';
import type { S3Request } from './request.ts';

const contentHeaders = ['cache-control', 'content-disposition', 'content-language', 'content-type', 'expires'];
const maxMetadataBytes = 2048;

/** The headers of a put that stay with the object and come back when it is read. */
export function storedHeaders({ headers }: S3Request): Record<string, string> {
  const stored: Record<string, string> = {};
  for (const [name, value] of headers) {
    if (contentHeaders.includes(name) || name.startsWith('x-amz-meta-')) stored[name] = value;
  }
  // The transport's own framing is no property of the object.
  const encodings = (headers.get('content-encoding') ?? '').split(',').map((encoding) => encoding.trim());
  const own = encodings.filter((encoding) => encoding !== '' && encoding.toLowerCase() !== 'aws-chunked');
  if (own.length > 0) stored['content-encoding'] = own.join(',');
  stored['content-type'] ??= 'binary/octet-stream';
  const metadata = Object.entries(stored).filter(([name]) => name.startsWith('x-amz-meta-'));
  if (
    metadata.map((entry) => entry.join('').length - 'x-amz-meta-'.length).reduce((a, b) => a + b, 0) > maxMetadataBytes
  ) {
    throw new AwsError('MetadataTooLarge', 'Your metadata headers exceed the maximum allowed metadata size');
  }
  return stored;
}
