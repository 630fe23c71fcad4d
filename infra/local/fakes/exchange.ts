import { type ByteSource, piecesOf } from './byte-source.ts';

/** One request and one answer of a fake provider, without a socket, so that tests may bring their own clock and network. */

export type FakeRequest = {
  readonly method: string;
  /** absolute address */
  readonly url: string;
  /** names in lower case */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

export type FakeAnswer = {
  readonly status: number;
  /** names in lower case */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
  /** sent piece by piece in place of `body`, where that would be too much to hold */
  readonly stream?: ByteSource;
};

/** Longer bytes are made while they are sent. */
const heldBytes = 1024 * 1024;

export function jsonAnswer(status: number, body: unknown, headers: Record<string, string> = {}): FakeAnswer {
  return jsonTextAnswer(status, JSON.stringify(body), headers);
}

/** For bodies that are put together as text, because they may hold what JSON.stringify cannot write. */
export function jsonTextAnswer(status: number, body: string, headers: Record<string, string> = {}): FakeAnswer {
  return { status, headers: { 'content-type': 'application/json; charset=utf-8', ...headers }, body };
}

export function bytesAnswer(status: number, bytes: ByteSource, headers: Record<string, string>): FakeAnswer {
  return withBytes({ status, headers, body: '' }, bytes);
}

/** The answer with other bytes as its body. */
export function withBytes(answer: FakeAnswer, bytes: ByteSource): FakeAnswer {
  return bytes.length > heldBytes
    ? { ...answer, body: '', stream: bytes }
    : { ...answer, body: bytes.slice(0, bytes.length), stream: undefined };
}

/** An answer's body, of either form. */
export function bytesOf({ body, stream }: FakeAnswer): ByteSource {
  return stream ?? Buffer.from(body);
}

/** The same, held in memory as a whole. */
export function wholeBody(answer: FakeAnswer): Buffer {
  return Buffer.concat([...piecesOf(bytesOf(answer))]);
}

export function withHeaders(answer: FakeAnswer, headers: Record<string, string>): FakeAnswer {
  return { ...answer, headers: { ...answer.headers, ...headers } };
}

export function pathOf(request: FakeRequest): string {
  return new URL(request.url).pathname;
}

/** The parameters of a form or a flat JSON body. */
export function bodyParameters(request: FakeRequest): ReadonlyMap<string, string> {
  if (!(request.headers['content-type'] ?? '').includes('json')) return new Map(new URLSearchParams(request.body));
  try {
    const value: unknown = JSON.parse(request.body);
    if (typeof value !== 'object' || value === null) return new Map();
    return new Map(Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
  } catch {
    return new Map();
  }
}
