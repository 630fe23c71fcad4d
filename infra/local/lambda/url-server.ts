import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { LocalFunction } from './function-pool.ts';
import type { Outcome } from './sandbox.ts';
import { toUrlEvent } from './url-event.ts';
import { answerSink, finishAnswer, payloadLimit } from './url-response.ts';

export type UrlTarget = { target: LocalFunction; streaming: boolean };

/** The one port of this machine. Until functions are set it answers 503. */
export type UrlServer = {
  port: number;
  /** `find` gives the function that answers a path, or undefined */
  serve: (find: (path: string) => UrlTarget | undefined) => void;
  /** takes no new connection; answers under way go on */
  stopListening: () => void;
  close: () => Promise<void>;
};

/** Listens on loopback, 0 for any free port. Throws where the port is taken. */
export async function openUrlServer(port: number): Promise<UrlServer> {
  let find: ((path: string) => UrlTarget | undefined) | undefined;
  const server = createServer((request, response) => {
    const target = find?.(request.url ?? '/');
    if (!target) return plain(response, find ? 404 : 503, find ? 'Not Found' : 'Starting');
    answer(target, request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port, // it listens on TCP, so this is an object
    serve: (finder) => {
      find = finder;
    },
    stopListening: () => {
      server.close();
      server.closeIdleConnections();
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(
  { target, streaming }: UrlTarget,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await readBody(request);
  if (!body) return plain(response, 413, 'Request Entity Too Large');
  const event = toUrlEvent({
    method: request.method ?? 'GET',
    target: request.url ?? '/',
    headers: request.headers,
    sourceIp: request.socket.remoteAddress ?? '127.0.0.1',
    body,
    requestId: randomUUID(),
    at: Date.now(),
  });
  const outcome = await target.invoke(event, streaming ? answerSink(response) : undefined);
  finishAnswer(response, outcome.kind === 'streamed' && !streaming ? unexpectedStream : outcome);
}

const unexpectedStream: Outcome = {
  kind: 'failed',
  error: { errorType: 'Runtime.Streaming', errorMessage: 'the function streams, its address does not' },
};

/** The whole body, or null where it is longer than Lambda takes. */
async function readBody(request: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    // Read to the end in any case: who is still sending does not see an answer.
    if (bytes <= payloadLimit) chunks.push(chunk);
  }
  return bytes > payloadLimit ? null : Buffer.concat(chunks);
}

function plain(response: ServerResponse, status: number, text: string): void {
  const body = JSON.stringify({ message: text });
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    connection: 'close',
  });
  response.end(body);
}
