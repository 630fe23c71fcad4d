import type { LambdaFunctionURLEvent } from 'aws-lambda';
import { badParameters } from './problem.ts';

/** One HTTP request as the handlers of the routes see it. */
export type Request = {
  /** header names in lower case */
  headers: Readonly<Record<string, string | undefined>>;
  /** as received, still percent-encoded */
  query: string;
  body: string;
  /** what the path named, percent-decoded once */
  id: string;
};

export type Answer = { statusCode: number; headers: Record<string, string>; body: string };

export function readRequest(event: LambdaFunctionURLEvent): Request {
  const headers = Object.entries(event.headers).map(([name, value]) => [name.toLowerCase(), value] as const);
  const body = event.body ?? '';
  return {
    headers: Object.fromEntries(headers),
    query: event.rawQueryString,
    body: event.isBase64Encoded ? Buffer.from(body, 'base64').toString('utf8') : body,
    id: decodeOnce('id', event.pathParameters?.['id'] ?? ''),
  };
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
export const jsonAnswer = (value: unknown, headers: Record<string, string> = {}): Answer => ({
  statusCode: 200,
  headers: { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers },
  body: JSON.stringify(value),
});

export const textAnswer = (type: string, body: string, headers: Record<string, string> = {}): Answer => ({
  statusCode: 200,
  headers: { 'content-type': `${type}; charset=utf-8`, 'cache-control': 'no-store', ...headers },
  body,
});
