import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { GeneratedFile } from '#shared/providers/vonage/generated-files.ts';
import type { Call } from '../../call.ts';
import { namesEtag, revalidated } from '../../http/etag.ts';
import { preconditionFailed, rangeNotSatisfiable } from '../../http/problem.ts';
import type { Answer } from '../../http/request.ts';
import { selectBytes } from '../../media/byte-range.ts';
import type { Reading } from '../../records/reads.ts';

/**
 * The bytes of a file that we make, as `call.request` asks for them: the same rules as for stored files (`answerMedia`).
 * The reading is noted before bytes are sent.
 */
export async function answerGenerated(
  { lookup, request }: Call,
  file: GeneratedFile,
  reading: Reading,
): Promise<Answer> {
  const { bytes, entry } = file;
  const { method, headers: asked } = request;
  const etag = `"${createHash('sha512').update(bytes).digest('hex')}"`;
  if (asked['if-match'] !== undefined && !namesEtag(asked['if-match'], etag, 'strong')) throw preconditionFailed();
  if (namesEtag(asked['if-none-match'], etag, 'weak'))
    return { statusCode: 304, headers: { etag, ...revalidated }, body: '' };
  const headers = {
    'content-type': entry.contentType,
    'content-disposition': `attachment; filename="${entry.contentKey}.json"`,
    'accept-ranges': 'bytes',
    etag,
    ...revalidated,
  };
  const length = (count: number) => ({ 'content-length': String(count) });
  if (method === 'HEAD') return { statusCode: 200, headers: { ...headers, ...length(bytes.length) }, body: '' };
  const ifRange = asked['if-range']?.trim();
  const isRanged = ifRange === undefined || ifRange === etag;
  const selected = selectBytes(isRanged ? asked['range'] : undefined, bytes.length);
  if (selected === 'unsatisfiable') throw rangeNotSatisfiable(bytes.length);
  await lookup.reads.note([reading]);
  if (selected === 'whole') {
    return { statusCode: 200, headers: { ...headers, ...length(bytes.length) }, body: Readable.from([bytes]) };
  }
  const { first, last } = selected;
  const range = { 'content-range': `bytes ${first}-${last}/${bytes.length}`, ...length(last - first + 1) };
  return { statusCode: 206, headers: { ...headers, ...range }, body: Readable.from([bytes.subarray(first, last + 1)]) };
}
