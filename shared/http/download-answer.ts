import { ResponseInvalid } from '#shared/domain/errors.ts';
import type { ListedFile } from '#shared/domain/media.ts';
import { parseContentRange, parseUnsatisfied } from './content-range.ts';
import { fileType, isOtherType } from './media-type.ts';
import type { StreamAnswer } from './open-stream.ts';
import type { AnswerHeaders } from './request.ts';
import { TooLarge } from './too-large.ts';
import { validatorOf } from './validator.ts';

/** What is known of one version of a file. */
export type FileVersion = {
  /** strong ETag or `Last-Modified`, or null where nothing tells this version from another */
  validator: string | null;
  /** its length, or null while nobody has said */
  total: number | null;
  contentType: string;
};

/** What the listing says of the file, and the most bytes that are taken. */
export type Expected = { expected: Pick<ListedFile, 'kind' | 'contentType' | 'bytes'>; maxBytes: number };

/** How far a download has come, in which version. */
export type Reached = { offset: number; version: FileVersion };

export type AnswerHead = Pick<StreamAnswer, 'status' | 'headers' | 'url'>;

/** What an answer means for a download: bytes from here on follow, none is missing, or it is of no use for going on. */
export type Meaning = { bytesFrom: number; version: FileVersion } | 'finished' | 'useless';

/**
 * The meaning of the answer to a request for the rest of a file, or for all of it (`reached` null). Bytes only go on where
 * the answer is of the very version that was begun: the same validator, which a server that ignores `If-Range` fails; the
 * right first byte; and a length that contradicts none known before. Throws ResponseInvalid and TooLarge.
 */
export function meaningOf(answer: AnswerHead, reached: Reached | null, request: Expected): Meaning {
  const { status, headers } = answer;
  if (status === 200) return { bytesFrom: 0, version: wholeVersion(answer, request) };
  if (reached === null) throw new ResponseInvalid(`${labelOf(answer)}: ${status} where the whole file was asked for`);
  const { offset, version } = reached;
  const isSameVersion = validatorOf(headers) === version.validator;
  if (status === 416) {
    const isEnd = parseUnsatisfied(headers['content-range']) === offset;
    return isEnd && isSameVersion ? 'finished' : 'useless';
  }
  const range = parseContentRange(headers['content-range']);
  const total = range?.total ?? version.total;
  const isNext = range?.first === offset && total !== null && range.last < total && total === (version.total ?? total);
  if (!isSameVersion || !isNext) return 'useless';
  checkLength(labelOf(answer), total, request);
  const contentType = fileType(headers['content-type'], version);
  return { bytesFrom: offset, version: { ...version, total, contentType } };
}

function wholeVersion(answer: AnswerHead, request: Expected): FileVersion {
  const { headers } = answer;
  const { expected } = request;
  const type = headers['content-type'];
  if (isOtherType(type, expected)) throw new ResponseInvalid(`${labelOf(answer)}: another type than the file`);
  const total = announcedLength(headers) ?? (endsItself(headers) ? null : expected.bytes);
  if (total !== null) checkLength(labelOf(answer), total, request);
  else if (!endsItself(headers)) throw new ResponseInvalid(`${labelOf(answer)}: neither a length nor chunks`);
  return { validator: validatorOf(headers), total, contentType: fileType(type, expected) };
}

function announcedLength(headers: AnswerHeaders): number | null {
  const text = headers['content-length'] ?? '';
  return /^\d{1,15}$/.test(text) ? Number(text) : null;
}

/** Without a length and without chunks, a connection that breaks looks like the end of the file. */
const endsItself = (headers: AnswerHeaders): boolean => /\bchunked\s*$/i.test(headers['transfer-encoding'] ?? '');

/** Throws TooLarge, and ResponseInvalid where a whole file of so many bytes is not the one that is listed. */
export function checkLength(label: string, bytes: number, { expected, maxBytes }: Expected): void {
  if (bytes > maxBytes) throw new TooLarge(`${label}: a file of more than ${maxBytes} bytes`);
  if (expected.bytes !== null && bytes !== expected.bytes) {
    throw new ResponseInvalid(`${label}: a file of ${bytes} bytes where ${expected.bytes} are listed`);
  }
}

export const labelOf = ({ url }: Pick<AnswerHead, 'url'>): string => `GET ${url.host}`;
