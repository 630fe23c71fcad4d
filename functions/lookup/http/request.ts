import type { Readable } from 'node:stream';
import type { LambdaFunctionURLEvent } from 'aws-lambda';
import { badParameters } from './problem.ts';

/** One HTTP request as the handlers of the routes see it. */
export type Request = {
  method: string;
  /** as received, still percent-encoded */
  path: string;
  /** header names in lower case */
  headers: Readonly<Record<string, string | undefined>>;
  /** as received, still percent-encoded */
  query: string;
  body: string;
  /** what the path named, percent-decoded once, by the name in the route's pattern */
  params: Readonly<Record<string, string>>;
  /** the address under which the caller reached us, without a slash at its end: for links that must be whole */
  origin: string;
};

/** `body` is text, or bytes that are streamed. */
export type Answer = { statusCode: number; headers: Record<string, string>; body: string | Readable };
export type TextAnswer = Answer & { body: string };

/** A header of an event, named in lower case. */
export const findHeader = ({ headers }: LambdaFunctionURLEvent, name: string): string | undefined =>
  headers[name] ?? Object.entries(headers).find(([given]) => given.toLowerCase() === name)?.[1];

export function readRequest(event: LambdaFunctionURLEvent): Request {
  const named = Object.entries(event.headers).map(([name, value]) => [name.toLowerCase(), value] as const);
  const headers = Object.fromEntries(named);
  const body = event.body ?? '';
  const params = Object.entries(event.pathParameters ?? {}).map(([name, value]) => [
    name,
    decodeOnce(name, value ?? ''),
  ]);
  return {
    method: event.requestContext.http.method,
    path: event.rawPath,
    headers,
    query: event.rawQueryString,
    body: event.isBase64Encoded ? Buffer.from(body, 'base64').toString('utf8') : body,
    params: Object.fromEntries(params),
    origin: originOf(headers, event.requestContext.domainName),
  };
}

/** A Function URL is reached by https under its own name; one machine by http under the name that the caller used. */
function originOf(headers: Request['headers'], domainName: string): string {
  const host = headers['host'] ?? domainName;
  return `${headers['x-forwarded-proto'] === 'https' ? 'https' : 'http'}://${host}`;
}

/** A Function URL hands the path over as it was sent. Throws a 400 that names the field. */
function decodeOnce(name: string, text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw badParameters([{ name, description: 'expected percent-encoded UTF-8' }]);
  }
}

/** Records may change at any time and are nobody's but the caller's: nothing on the way keeps them. */
export const jsonAnswer = (value: unknown, headers: Record<string, string> = {}): TextAnswer => ({
  statusCode: 200,
  headers: { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers },
  body: JSON.stringify(value),
});

export const textAnswer = (type: string, body: string, headers: Record<string, string> = {}): TextAnswer => ({
  statusCode: 200,
  headers: { 'content-type': `${type}; charset=utf-8`, 'cache-control': 'no-store', ...headers },
  body,
});
