import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { piecesOf } from './byte-source.ts';
import { bytesOf, type FakeRequest } from './exchange.ts';
import type { FakeProvider, FakeReply } from './provider.ts';
import { sendOddly } from './wire.ts';

export type ServedFake = { readonly origin: string; close(): Promise<void> };

/** Puts a fake on a port of 127.0.0.1 that the system picks. */
export async function serveFake(provider: FakeProvider): Promise<ServedFake> {
  const server = createServer((incoming, response) => {
    answer(provider, incoming, response).catch((error: unknown) =>
      response.destroy(new Error('fake failed', { cause: error })),
    );
  });
  // a request that stalls on purpose must not be cut by the server's own limits
  server.requestTimeout = 0;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // listening on a port, so not a pipe's name
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function answer(provider: FakeProvider, incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  const reply = provider.handle(await readRequest(incoming));
  if (reply.wire) await sendOddly(reply, reply.wire, response);
  else await send(reply, incoming.method === 'HEAD', response);
}

async function readRequest(incoming: IncomingMessage): Promise<FakeRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  const headers = Object.entries(incoming.headers).map(([name, value]) => [name, String(value)] as const);
  return {
    method: incoming.method ?? 'GET',
    url: `http://${incoming.headers.host ?? '127.0.0.1'}${incoming.url ?? '/'}`,
    headers: Object.fromEntries(headers),
    body: Buffer.concat(chunks).toString(),
  };
}

/** Makes no more of a long body than the reader takes. */
async function send(reply: FakeReply, isHead: boolean, response: ServerResponse): Promise<void> {
  const body = bytesOf(reply);
  response.sendDate = false;
  const length = reply.status === 204 ? {} : { 'content-length': body.length };
  response.writeHead(reply.status, { ...reply.headers, ...length });
  if (isHead || reply.status === 204) response.end();
  else if (reply.stream) await pipeline(Readable.from(piecesOf(body), { highWaterMark: 1 }), response);
  else response.end(body.slice(0, body.length));
}
