import { AwsError } from '../aws-error.ts';

/** First and last byte, both included. */
export type ByteRange = { first: number; last: number };

/**
 * What a `Range` header asks of `size` bytes. Undefined means the whole object: no header, one that is not understood,
 * or several ranges at once, which S3 does not serve. Throws InvalidRange (416) where nothing of the range exists.
 */
export function parseByteRange(header: string | undefined, size: number): ByteRange | undefined {
  const match = /^bytes=(\d*)-(\d*)$/i.exec(header?.trim() ?? '');
  const [from, to] = [match?.[1] ?? '', match?.[2] ?? ''];
  if (from === '' && to === '') return undefined;
  const range =
    from === ''
      ? { first: Math.max(0, size - Number(to)), last: size - 1 } // the last `to` bytes
      : { first: Number(from), last: to === '' ? size - 1 : Math.min(Number(to), size - 1) };
  if (from !== '' && to !== '' && Number(to) < Number(from)) return undefined;
  if (range.first > range.last) throw new AwsError('InvalidRange', 'The requested range is not satisfiable', 416);
  return range;
}
