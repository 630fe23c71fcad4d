import { type Session, session, signOut } from './session.ts';

/** Why an answer is not what was asked for, in words for the reader. */
export class AskFailed extends Error {
  override readonly name = 'AskFailed';
  /** HTTP status; 0 where nothing came back */
  readonly status: number;
  /** parameters that were wrong, by name */
  readonly fields: Readonly<Record<string, string>>;
  /** seconds to wait; null where nobody said */
  readonly retryAfter: number | null;
  constructor(status: number, message: string, fields: Record<string, string> = {}, retryAfter: number | null = null) {
    super(message);
    this.status = status;
    this.fields = fields;
    this.retryAfter = retryAfter;
  }
}

export type Asking = {
  method?: 'GET' | 'POST';
  /** sent as JSON */
  body?: unknown;
  accept?: string;
  /** the ETag of what is at hand: null is answered where it is still this one */
  etag?: string | null;
  signal?: AbortSignal;
};

/** An answer's text with its ETag; null where what is at hand is still good. */
export type Told = { text: string; etag: string | null; type: string };

/** The API's JSON at this path. Throws AskFailed. */
export async function ask<T>(path: string, asking: Asking = {}): Promise<T> {
  const told = await tell(path, asking);
  return JSON.parse(told?.text ?? 'null') as T;
}

/** JSON that is asked for again and again: null where it is what the caller has. Throws AskFailed. */
export async function askAgain<T>(path: string, asking: Asking): Promise<{ value: T; etag: string | null } | null> {
  const told = await tell(path, asking);
  return told && { value: JSON.parse(told.text) as T, etag: told.etag };
}

/** The text of an answer. A token that ran out is renewed once where that is possible. Throws AskFailed. */
export async function tell(path: string, asking: Asking = {}): Promise<Told | null> {
  const now = session.value;
  if (!now) throw new AskFailed(401, 'Nobody is signed in.');
  let answer = await send(path, asking, now);
  if (answer.status === 401) {
    const renewed = await renew(now);
    if (renewed) answer = await send(path, asking, renewed);
  }
  if (answer.status === 401) {
    signOut('The token is not valid any more. Sign in again: the address is kept.');
    throw new AskFailed(401, 'The token is not valid any more.');
  }
  if (answer.status === 304) return null;
  const text = await answer.text();
  if (!answer.ok) throw failureOf(answer, text);
  return { text, etag: answer.headers.get('etag'), type: answer.headers.get('content-type') ?? '' };
}

async function renew(now: Session): Promise<Session | null> {
  const renewed = (await now.renew?.().catch(() => null)) ?? null;
  if (renewed) session.value = renewed;
  return renewed;
}

async function send(path: string, { method = 'GET', body, accept, etag, signal }: Asking, { token }: Session) {
  const headers: Record<string, string> = { authorization: `Bearer ${token}`, accept: accept ?? 'application/json' };
  if (body !== undefined) headers['content-type'] = 'application/json';
  if (etag) headers['if-none-match'] = etag;
  try {
    // The browser's own cache would answer a 304 of its own as a 200: here the page knows what it has.
    const init: RequestInit = { method, headers, cache: 'no-store', credentials: 'omit' };
    if (body !== undefined) init.body = JSON.stringify(body);
    if (signal) init.signal = signal;
    return await fetch(path, init);
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new AskFailed(0, 'Earshot cannot be reached. It is tried again by itself.');
  }
}

function failureOf(answer: Response, text: string): AskFailed {
  const said = readProblem(text);
  const fields = Object.fromEntries((said.fields ?? []).map(({ name, description }) => [name, description]));
  const named = Object.entries(fields).map(([name, description]) => `${name}: ${description}`);
  const wait = Number(answer.headers.get('retry-after') ?? Number.NaN);
  const message = [said.message ?? `Earshot answered with status ${answer.status}.`, ...named].join(' ');
  return new AskFailed(answer.status, message, fields, Number.isFinite(wait) ? wait : null);
}

type SaidProblem = { message?: string; fields?: { name: string; description: string }[] };

function readProblem(text: string): SaidProblem {
  try {
    return JSON.parse(text) as SaidProblem;
  } catch {
    return {};
  }
}

/** The path of a conversation; `rest` behind it. */
export const conversationPath = (id: string, rest = ''): string => `/v1/conversations/${encodeURIComponent(id)}${rest}`;
