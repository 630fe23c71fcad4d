import { jsonTextAnswer, withHeaders } from '../exchange.ts';
import { type ServedFile, serveBytes } from '../serve-bytes.ts';
import { refusedLink } from '../signed-link.ts';
import { editJson, isJson, type Json, objectAt } from './edit-json.ts';
import type { Fault } from './fault.ts';

/**
 * Faults of bytes and of the links to them, alike at every provider (reliability.md section 4). A broken, stalled, cut
 * or wrongly announced body and a page of HTML stand in answer-faults.ts; `when({ first: n })` plays them n times.
 */

/** The file is another one from now on: played for the requests behind the first, its bytes change between two ranges. */
export function replacedBy(file: ServedFile): Fault {
  return { name: 'replaced', instead: (request) => serveBytes(request, file) };
}

/** All of the file with 200, whatever range was asked for. */
export function ignoredRange(): Fault {
  return {
    name: 'ignored range',
    rewrite: (request) => {
      const { range: _range, 'if-range': _ifRange, ...headers } = request.headers;
      return { ...request, headers };
    },
  };
}

/** Parts come although `If-Range` names another version. */
export function ignoredIfRange(): Fault {
  return {
    name: 'ignored If-Range',
    rewrite: (request) => {
      const { 'if-range': _ifRange, ...headers } = request.headers;
      return { ...request, headers };
    },
  };
}

/** A 206 whose `Content-Range` is wrong by so many bytes; null leaves the header out. */
export function wrongContentRange(by: { readonly start?: number; readonly total?: number } | null): Fault {
  return {
    name: 'wrong Content-Range',
    edit: (answer) => {
      const { 'content-range': told, ...headers } = answer.headers;
      const [, first, last, total] = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(told ?? '') ?? [];
      if (answer.status !== 206 || first === undefined) return answer;
      if (by === null) return { ...answer, headers };
      const { start = 0, total: more = 0 } = by;
      const wrong = `bytes ${Number(first) + start}-${Number(last) + start}/${Number(total) + more}`;
      return withHeaders(answer, { 'content-range': wrong });
    },
  };
}

/** Another part than was asked for, rightly announced. */
export function otherRange(by: number): Fault {
  return {
    name: 'other range',
    rewrite: (request) => {
      const [, first, rest = ''] = /^bytes=(\d+)(-\d*)$/.exec(request.headers['range'] ?? '') ?? [];
      if (first === undefined) return request;
      return { ...request, headers: { ...request.headers, range: `bytes=${Number(first) + by}${rest}` } };
    },
  };
}

/** 416, whatever was asked for. */
export function unsatisfiable(length: number): Fault {
  const headers = { 'content-range': `bytes */${length}` };
  return { name: '416', instead: () => ({ status: 416, headers, body: '' }) };
}

/** Answers without what tells versions apart, or with an ETag that promises no equal bytes. */
export function validator(kind: 'none' | 'weak'): Fault {
  return {
    name: `${kind} validator`,
    edit: (answer) => {
      const { etag, 'last-modified': _modified, ...headers } = answer.headers;
      return {
        ...answer,
        headers: kind === 'weak' && etag !== undefined ? { ...headers, etag: `W/${etag}` } : headers,
      };
    },
  };
}

/** As a storage host answers when a signed link has come to its end. */
export function expiredLink(status: 401 | 403 = 403): Fault {
  return { name: 'expired link', instead: () => refusedLink(status) };
}

/** So many redirects before the answer, each to the next of these origins in turn (default: the one that was asked). */
export function redirectChain(hops: number, origins: readonly string[] = [], code = 302): Fault {
  return {
    name: `${hops} redirects`,
    edit: (answer, request) => {
      const url = new URL(request.url);
      const hop = Number(url.searchParams.get('hop') ?? 0);
      if (hop >= hops) return answer;
      url.searchParams.set('hop', String(hop + 1));
      const origin = origins.length === 0 ? url.origin : origins[hop % origins.length];
      return { status: code, headers: { location: `${origin}${url.pathname}${url.search}` }, body: '' };
    },
  };
}

/** Places that provider data must not lead to, for `redirect` and `leadingTo`. */
export const hostilePlaces = {
  anotherHost: 'https://elsewhere.example/recording.wav',
  plainHttp: 'http://elsewhere.example/recording.wav',
  privateAddress: 'https://10.0.0.7/recording.wav',
  loopback: 'https://127.0.0.1/recording.wav',
  credentialsOfTheMachine: 'http://169.254.169.254/latest/meta-data/iam/security-credentials/',
  userinfo: 'https://user:password@elsewhere.example/recording.wav',
  otherPort: 'https://elsewhere.example:8443/recording.wav',
  file: 'file:///etc/passwd',
} as const;

/** An answer that holds a signed link (Salesloft `data.url`, Talkdesk `_links.file.href`) holds this one instead. */
export function leadingTo(href: unknown): Fault {
  return { name: 'odd link', edit: (answer) => editJson(answer, (body) => withLink(body, href)) };
}

/** A JSON document with 200 in place of the bytes. */
export function jsonInstead(body: unknown): Fault {
  return { name: 'JSON instead', instead: () => jsonTextAnswer(200, JSON.stringify(body)) };
}

function withLink(body: Json, href: unknown): Json {
  if (isJson(body['data'])) return { ...body, data: { ...body['data'], url: href } };
  return { ...body, _links: { ...objectAt(body, '_links'), file: { href } } };
}
