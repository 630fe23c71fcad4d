import { gzipSync } from 'node:zlib';
import { partOf } from '../byte-source.ts';
import type { FakeAnswer } from '../exchange.ts';
import { bytesOf, jsonAnswer, wholeBody, withBytes, withHeaders } from '../exchange.ts';
import { arrayAt, editJson } from './edit-json.ts';
import type { Fault } from './fault.ts';

/** Faults of one answer, alike at every provider (reliability.md section 4). */

export function status(code: number, headers: Record<string, string> = {}, body = ''): Fault {
  return { name: `status ${code}`, instead: () => ({ status: code, headers, body }) };
}

/** `retryAfter` as it stands in the header: seconds, a date, or something odd; without it there is no header. */
export function tooMany(retryAfter?: string): Fault {
  const headers: Record<string, string> = retryAfter === undefined ? {} : { 'retry-after': retryAfter };
  return { name: '429', instead: () => jsonAnswer(429, { error: 'Too many requests' }, headers) };
}

/** The shape is Salesloft's at `error` and Talkdesk's at `code` and `message`. */
export function unauthorized(): Fault {
  return refusal(401, 'Unauthorized');
}

export function forbidden(): Fault {
  return refusal(403, 'Forbidden');
}

export function html(code = 200): Fault {
  const body = '<!doctype html><title>Be right back</title><p>We are down for maintenance.';
  return status(code, { 'content-type': 'text/html; charset=utf-8' }, body);
}

export function noContent(): Fault {
  return status(204);
}

export function redirect(location: string, code = 302): Fault {
  return status(code, { location });
}

/** Only that many bytes of the body, announced as the whole. */
export function truncated(keptBytes: number): Fault {
  return edited('truncated', (answer) => withBytes(answer, partOf(bytesOf(answer), 0, keptBytes)));
}

export function contentType(type: string): Fault {
  return edited('content type', (answer) => withHeaders(answer, { 'content-type': type }));
}

/** Only that share of a gzip body; fetch and undici inflate what is there and report no error. */
export function truncatedGzip(keptShare = 0.5): Fault {
  return edited('truncated gzip', (answer) => {
    const packed = gzipSync(wholeBody(answer));
    const kept = packed.subarray(0, Math.floor(packed.length * keptShare));
    return withBytes(withHeaders(answer, { 'content-encoding': 'gzip' }), kept);
  });
}

export function byteOrderMark(): Fault {
  return edited('byte order mark', (answer) => ({ ...answer, body: `\uFEFF${String(answer.body)}` }));
}

/** The Date header is wrong by that much; `text` puts something else in its place. */
export function wrongClock(skewMs: number, text?: string): Fault {
  return edited('wrong clock', (answer) => {
    const told = Date.parse(answer.headers['date'] ?? '') + skewMs;
    return withHeaders(answer, { date: text ?? new Date(told).toUTCString() });
  });
}

/** Each page begins with the last row of the page before it; `list` is the field that holds the rows. */
export function repeatedRow(list: string): Fault {
  let last: unknown;
  return edited('repeated row', (answer) =>
    editJson(answer, (body) => {
      const rows = arrayAt(body, list);
      const repeated = last === undefined ? rows : [last, ...rows];
      last = rows.at(-1);
      return { ...body, [list]: repeated };
    }),
  );
}

/** Another integration spends from the same budget. */
export function eatenBudget(points: number): Fault {
  return { name: 'eaten budget', eat: points };
}

export const neverAnswers: Fault = { name: 'never answers', wire: { kind: 'stall', afterBytes: -1 } };

export function resetAfter(bytes: number): Fault {
  return { name: `reset after ${bytes}`, wire: { kind: 'reset', afterBytes: bytes } };
}

/** Ends the connection in good order after that many bytes of the body: the reader gets exactly these. */
export function closeAfter(bytes: number): Fault {
  return { name: `close after ${bytes}`, wire: { kind: 'close', afterBytes: bytes } };
}

export function stallAfter(bytes: number): Fault {
  return { name: `stall after ${bytes}`, wire: { kind: 'stall', afterBytes: bytes } };
}

export function wrongLength(difference: number): Fault {
  return { name: 'wrong length', wire: { kind: 'wrongLength', difference } };
}

export function drip(bytes: number, everyMs: number): Fault {
  return { name: 'drip', wire: { kind: 'drip', bytes, everyMs } };
}

export const endless: Fault = { name: 'endless', wire: { kind: 'endless' } };

function refusal(code: number, message: string): Fault {
  return { name: String(code), instead: () => jsonAnswer(code, { error: message, code: `0${code}000`, message }) };
}

function edited(name: string, edit: (answer: FakeAnswer) => FakeAnswer): Fault {
  return { name, edit };
}
