import { AwsError, notSupported } from '../aws-error.ts';
import { decode, type S3Request, splitOnce } from './request.ts';

/** The object that a copy is made of. */
export function copySource({ headers }: S3Request): { bucket: string; key: string } {
  const [path, query] = splitOnce(headers.get('x-amz-copy-source') ?? '', '?');
  if (query !== '') throw notSupported('S3 CopyObject from a version');
  const [bucket, key] = splitOnce(decode(path).replace(/^\//, ''), '/');
  if (bucket === '' || key === '') throw new AwsError('InvalidArgument', 'Copy Source must mention bucket and key');
  return { bucket, key };
}
