import type { LambdaFunctionURLEvent } from 'aws-lambda';
import type { Headers } from '#shared/providers/headers.ts';

/** A request to the webhook address as it was sent. */
export type Incoming = {
  method: string;
  /** still percent-encoded, without the query */
  path: string;
  /** names in lower case; one that came more than once has its values joined by commas */
  headers: Headers;
  /** the raw bytes, which signatures are over */
  body: Buffer;
};

/** What a Function URL hands over: bodies of types that it does not take for text come in base64. */
export const readIncoming = (event: LambdaFunctionURLEvent): Incoming => ({
  method: event.requestContext.http.method,
  path: event.rawPath,
  headers: Object.fromEntries(Object.entries(event.headers).map(([name, value]) => [name.toLowerCase(), value])),
  body: Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8'),
});
