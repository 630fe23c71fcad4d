import type { ServerResponse } from 'node:http';
import type { StreamPrelude, StreamSink } from './messages.ts';
import type { Outcome } from './sandbox.ts';

/** Lambda takes and gives at most this much where it does not stream. */
export const payloadLimit = 6 * 1024 * 1024;

const json = { 'content-type': 'application/json' };

/** What the connection itself says; a function has no say in it. */
const hopByHop = new Set(['connection', 'keep-alive', 'transfer-encoding', 'upgrade', 'trailer', 'te']);

/** Writes a function's answer to the client as a Function URL does. */
export function answerSink(response: ServerResponse): StreamSink {
  return {
    start: (prelude) => void startAnswer(response, prelude),
    write: async (bytes) => {
      if (!response.headersSent) startAnswer(response, {});
      // What still comes for a client that left goes nowhere.
      if (response.destroyed || response.writableEnded || response.write(bytes)) return;
      await drained(response);
    },
    onLeft: (left) => {
      const tell = () => response.writableFinished || left();
      if (response.closed) tell();
      else response.once('close', tell);
    },
  };
}

/** Resolves when there is room for more, or nobody left to read it. */
function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      response.off('drain', done).off('close', done);
      resolve();
    };
    response.on('drain', done).on('close', done);
  });
}

/** Ends the answer: the whole of it where the function did not stream, 502 where it failed before its first byte. */
export function finishAnswer(response: ServerResponse, outcome: Outcome): void {
  if (outcome.kind === 'streamed') {
    if (!response.headersSent) startAnswer(response, {});
    response.end();
  } else if (outcome.kind === 'returned') buffered(response, outcome.payload);
  // Half an answer must not look like a whole one.
  else if (response.headersSent) response.destroy();
  else badGateway(response);
}

/** Sends status and headers. False where they are none that HTTP knows: then the answer is a 502, and over. */
function startAnswer(response: ServerResponse, prelude: StreamPrelude): boolean {
  try {
    setHead(response, prelude);
    response.flushHeaders();
    return true;
  } catch {
    for (const name of response.getHeaderNames()) response.removeHeader(name);
    badGateway(response);
    return false;
  }
}

function setHead(response: ServerResponse, { statusCode = 200, headers = {}, cookies = [] }: StreamPrelude): void {
  response.statusCode = statusCode;
  for (const [name, value] of Object.entries(headers)) {
    if (value === null || value === undefined || hopByHop.has(name.toLowerCase())) continue;
    response.setHeader(name, Array.isArray(value) ? value.map(String) : String(value));
  }
  if (cookies.length > 0) response.setHeader('set-cookie', cookies);
  const hasBody = statusCode !== 204 && statusCode !== 304;
  if (hasBody && !response.hasHeader('content-type')) response.setHeader('content-type', 'application/octet-stream');
}

function buffered(response: ServerResponse, payload: string): void {
  const answer: unknown = JSON.parse(payload);
  if (Buffer.byteLength(payload) > payloadLimit) badGateway(response);
  else if (isStructured(answer)) sendStructured(response, answer);
  else send(response, { headers: json }, Buffer.from(textOf(answer)));
}

function sendStructured(
  response: ServerResponse,
  { body = '', isBase64Encoded = false, headers, ...prelude }: Structured,
): void {
  const bytes = Buffer.from(textOf(body), isBase64Encoded ? 'base64' : 'utf8');
  send(response, { ...prelude, headers: { ...json, ...lowerCase(headers) } }, bytes);
}

function send(response: ServerResponse, prelude: StreamPrelude, body: Buffer): void {
  const headers = { ...prelude.headers, 'content-length': body.length };
  if (startAnswer(response, { ...prelude, headers })) response.end(body);
}

function badGateway(response: ServerResponse): void {
  send(response, { statusCode: 502, headers: json }, Buffer.from('Internal Server Error'));
}

type Structured = StreamPrelude & { body?: unknown; isBase64Encoded?: boolean };

/** An object with a status is an answer; everything else is the body of one. */
const isStructured = (answer: unknown): answer is Structured =>
  typeof answer === 'object' && answer !== null && 'statusCode' in answer && Number.isInteger(answer.statusCode);

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

const lowerCase = (headers: Record<string, unknown> = {}): Record<string, unknown> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
