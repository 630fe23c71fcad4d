import { extname } from 'node:path';
import { Readable } from 'node:stream';
import { signedLink } from '#shared/storage/media-bytes.ts';
import { etagOf, namesEtag } from '../http/etag.ts';
import { notFound } from '../http/problem.ts';
import { parseParameters, readQuery } from '../http/query-string.ts';
import type { Answer, Request } from '../http/request.ts';
import type { Lookup } from '../lookup.ts';
import { noParameters } from '../v1/parameters.ts';
import { type PageFile, readAsset, readIndex } from './page-files.ts';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

/** `GET /`: the explorer. It holds nothing of anybody, so it needs no token; what it shows it asks the API for. */
export async function answerPage(lookup: Lookup, request: Request): Promise<Answer> {
  parseParameters(noParameters, readQuery(request.query));
  const file = await readIndex(lookup.page);
  return written('.html', file, request, {
    'cache-control': 'no-cache',
    'content-security-policy': policyWith(await mediaOrigin(lookup)),
    // What a player is sent on to is the bucket's, which says of itself no more than the policy does.
    'cross-origin-embedder-policy': 'unsafe-none',
  });
}

/** `GET /assets/{name}`: a name stands for these bytes for ever. Throws a 404 for any other. */
export async function answerAsset(lookup: Lookup, request: Request): Promise<Answer> {
  parseParameters(noParameters, readQuery(request.query));
  const name = request.params['name'] ?? '';
  const file = await readAsset(lookup.page, name);
  if (!file) throw notFound('path');
  return written(extname(name), file, request, { 'cache-control': 'public, max-age=31536000, immutable' });
}

function written(
  type: string,
  { text, packed }: PageFile,
  { headers: asked }: Request,
  own: Answer['headers'],
): Answer {
  const etag = etagOf(text);
  const headers = { ...own, etag, vary: 'Accept-Encoding' };
  if (namesEtag(asked['if-none-match'], etag, 'weak')) return { statusCode: 304, headers, body: '' };
  const described = { ...headers, 'content-type': `${types[type]}; charset=utf-8` };
  if (!/\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))/i.test(asked['accept-encoding'] ?? ''))
    return { statusCode: 200, headers: described, body: text };
  return { statusCode: 200, headers: { ...described, 'content-encoding': 'gzip' }, body: Readable.from([packed]) };
}

/** Nothing of anywhere else is loaded, nothing in the page's text runs, and no text becomes HTML. */
const policyWith = (media: string): string =>
  [
    "default-src 'none'",
    ...["script-src 'self'", "style-src 'self'", "img-src 'self'", "connect-src 'self'"],
    `media-src 'self' ${media}`,
    ...["base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'", "require-trusted-types-for 'script'"],
  ].join('; ');

/** Where the bucket is reached: large recordings are sent on to there. Nothing is asked of it. */
async function mediaOrigin({ store }: Lookup): Promise<string> {
  const named = { type: 'audio/wav', disposition: 'inline' };
  return new URL(await signedLink(store, 'media/none', named, 1)).origin;
}
