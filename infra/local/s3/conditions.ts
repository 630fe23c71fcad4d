import { AwsError, notSupported } from '../aws-error.ts';

/** What conditions look at: the hash without quotes and the moment of the last change in milliseconds. */
export type Validators = { etag: string; modified: number };

const preconditionFailed = () =>
  new AwsError('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', 412);

/**
 * Conditions of a read, in the order of RFC 9110: `modified` or `notModified`; throws PreconditionFailed.
 * `prefix` is put before the header names (`x-amz-copy-source-` for the source of a copy).
 */
export function checkRead(
  headers: ReadonlyMap<string, string>,
  object: Validators,
  prefix = '',
): 'modified' | 'notModified' {
  const seconds = Math.floor(object.modified / 1000);
  const match = headers.get(`${prefix}if-match`);
  const unmodifiedSince = instant(headers.get(`${prefix}if-unmodified-since`));
  if (match !== undefined) {
    if (!names(match, object.etag)) throw preconditionFailed();
  } else if (unmodifiedSince !== undefined && seconds > unmodifiedSince) throw preconditionFailed();

  const noneMatch = headers.get(`${prefix}if-none-match`);
  const modifiedSince = instant(headers.get(`${prefix}if-modified-since`));
  if (noneMatch !== undefined) return names(noneMatch, object.etag) ? 'notModified' : 'modified';
  return modifiedSince !== undefined && seconds <= modifiedSince ? 'notModified' : 'modified';
}

/** Conditions of a write against what stands there now; throws PreconditionFailed, or NoSuchKey as S3 does. */
export function checkWrite(headers: ReadonlyMap<string, string>, current: Validators | undefined): void {
  const noneMatch = headers.get('if-none-match');
  if (noneMatch !== undefined && noneMatch !== '*') throw notSupported('S3 If-None-Match with an ETag on a write');
  if (noneMatch === '*' && current) throw preconditionFailed();
  const match = headers.get('if-match');
  if (match === undefined) return;
  if (!current) throw new AwsError('NoSuchKey', 'The specified key does not exist.', 404);
  if (!names(match, current.etag)) throw preconditionFailed();
}

function names(header: string, etag: string): boolean {
  return header.split(',').some((one) => ['*', etag].includes(one.trim().replace(/^(W\/)?"(.*)"$/, '$2')));
}

/** Whole seconds, the grain of HTTP dates; undefined for a date that is none, which HTTP says to ignore. */
function instant(header: string | undefined): number | undefined {
  const milliseconds = Date.parse(header ?? '');
  return Number.isNaN(milliseconds) ? undefined : Math.floor(milliseconds / 1000);
}
