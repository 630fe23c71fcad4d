import type { StoredMedia } from '#shared/domain/media.ts';
import { type ByteSpan, openMedia, signedLink } from '#shared/storage/media-bytes.ts';
import type { Call } from '../call.ts';
import { namesEtag, revalidated } from '../http/etag.ts';
import { notFound, preconditionFailed, rangeNotSatisfiable } from '../http/problem.ts';
import type { Answer } from '../http/request.ts';
import type { Lookup } from '../lookup.ts';
import type { Found } from '../records/find-conversation.ts';
import type { Reading } from '../records/reads.ts';
import { selectBytes } from './byte-range.ts';
import { findMedia } from './find-media.ts';
import { safeDisposition, safeType } from './safe-type.ts';

/** Bytes of one answer; Lambda streams no more than 200 MB. Whoever wants more at once gets them from S3. */
const mostBytes = 100 * 1024 ** 2;
const redirectSeconds = 60;

/**
 * The bytes of a file of a conversation as `call.request` asks for them (method, Range, conditions). Throws a 404 where
 * the conversation has no such file. Notes the reading.
 *
 * Conditions come before `Range` (RFC 9110 section 13.2.2), and `Range` is for GET alone (section 14.2). There is no
 * `Last-Modified`, so conditions by date are ignored, and a date in `If-Range` never fits. HEAD tells the length also of a
 * file that GET redirects for. A Function URL that streams sends chunks and hands `Content-Length` over under another name
 * (https://github.com/cargo-lambda/cargo-lambda/issues/862); the length stands in the record and in `Content-Range` too.
 */
export async function answerMedia(call: Call, { conversation }: Found, key: string): Promise<Answer> {
  const media = findMedia(conversation, key);
  const { method, headers: asked } = call.request;
  const etag = `"${media.sha512}"`;
  const ifMatch = asked['if-match'];
  if (ifMatch !== undefined && !namesEtag(ifMatch, etag, 'strong')) throw preconditionFailed();
  if (namesEtag(asked['if-none-match'], etag, 'weak')) {
    return { statusCode: 304, headers: { etag, ...revalidated }, body: '' };
  }
  const headers = headersOf(media, etag);
  if (method === 'HEAD') return { statusCode: 200, headers: { ...headers, ...lengthOf(media.bytes) }, body: '' };
  const ifRange = asked['if-range']?.trim();
  const isRanged = ifRange === undefined || ifRange === etag;
  const selected = selectBytes(isRanged ? asked['range'] : undefined, media.bytes);
  if (selected === 'unsatisfiable') throw rangeNotSatisfiable(media.bytes);
  const reading: Reading = { client: call.caller.id, conversation: conversation.id, kind: `media:${media.key}` };
  return send(call.lookup, media, { selected, headers, reading });
}

type Sending = { selected: 'whole' | ByteSpan; headers: Record<string, string>; reading: Reading };

async function send(lookup: Lookup, media: StoredMedia, { selected, headers, reading }: Sending): Promise<Answer> {
  const span = selected === 'whole' ? { first: 0, last: media.bytes - 1 } : selected;
  const length = span.last - span.first + 1;
  if (length > mostBytes) return redirect(lookup, media, reading);
  const body = await openNoted(lookup, media, span, reading);
  const described = { ...headers, ...lengthOf(length) };
  if (selected === 'whole') return { statusCode: 200, headers: described, body };
  const range = `bytes ${span.first}-${span.last}/${media.bytes}`;
  return { statusCode: 206, headers: { ...described, 'content-range': range }, body };
}

const lengthOf = (bytes: number) => ({ 'content-length': String(bytes) });

/** Beside these stands the policy of every answer: `sandbox`, so that nothing of it runs, whatever a browser makes of it. */
const headersOf = (media: StoredMedia, etag: string) => ({
  'content-type': safeType(media),
  'content-disposition': safeDisposition(media),
  'accept-ranges': 'bytes',
  etag,
  ...revalidated,
});

/** The stream, once the reading is noted: nobody reads unseen, and no stream is left open. */
async function openNoted(
  { store, reads }: Lookup,
  { object, bytes }: StoredMedia,
  span: ByteSpan,
  reading: Reading,
): Promise<Answer['body']> {
  const body = bytes === 0 ? '' : await openMedia(store, object, span, bytes);
  // The file was removed between the look at the record and this one.
  if (body === null) throw notFound('media');
  try {
    await reads.note([reading]);
  } catch (error) {
    if (typeof body !== 'string') body.destroy();
    throw error;
  }
  return body;
}

/** The caller's `Range` goes along to S3, which knows it too. */
async function redirect({ store, reads }: Lookup, media: StoredMedia, reading: Reading): Promise<Answer> {
  const signed = { type: safeType(media), disposition: safeDisposition(media) };
  const location = await signedLink(store, media.object, signed, redirectSeconds);
  await reads.note([reading]);
  return { statusCode: 302, headers: { location, 'cache-control': 'no-store' }, body: '' };
}
