import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A running endpoint on loopback. `close` cuts open connections and resolves when the port is free. */
export type LocalServer = { url: string; close(): Promise<void> };

/**
 * Serves `handler` on 127.0.0.1 at a port that the system picks. A handler that throws answers 500; if its answer has
 * begun, the connection is cut, so that a client never takes half an answer for a whole one.
 */
export async function listen(
  handler: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
): Promise<LocalServer> {
  // The clients keep idle connections for long; a server that hangs up first makes them see ECONNRESET now and then.
  const server = createServer({ keepAliveTimeout: 0, requestTimeout: 0 }, (request, response) => {
    handler(request, response).catch((error: unknown) => {
      if (response.headersSent) response.destroy(error instanceof Error ? error : undefined);
      else response.writeHead(500, { connection: 'close' }).end(`InternalError: ${String(error)}`);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo; // an address object, because it listens on TCP
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
