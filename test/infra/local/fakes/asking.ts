import type { FakeAnswer, FakeRequest } from '#infra/local/fakes/exchange.ts';

/** Short words for requests and answers of fakes. */

export const origin = 'https://api.example.com';

// what a test reads out of an answer it knows
// biome-ignore lint/suspicious/noExplicitAny: a parsed body of a known shape
type Body = any;

export type Asked = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Body;
};

export function getRequest(path: string, query: Record<string, string> | string = '', token?: string): FakeRequest {
  const search = String(typeof query === 'string' ? query : new URLSearchParams(query));
  return {
    method: 'GET',
    url: `${origin}${path}${search && `?${search}`}`,
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
    body: '',
  };
}

export function formRequest(form: Record<string, string>, headers: Record<string, string> = {}): FakeRequest {
  return {
    method: 'POST',
    url: `${origin}/oauth/token`,
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body: String(new URLSearchParams(form)),
  };
}

export function read(answer: FakeAnswer): Asked {
  const isJson = (answer.headers['content-type'] ?? '').startsWith('application/json');
  return { ...answer, body: isJson ? JSON.parse(String(answer.body)) : answer.body };
}

export function basic(clientId: string, clientSecret: string): string {
  return `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`;
}
