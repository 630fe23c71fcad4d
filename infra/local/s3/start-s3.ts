import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type LocalServer, listen } from '../listen.ts';
import { openS3, type S3Options, type S3Response } from './open-s3.ts';

/** The embedded S3 on a port of its own. */
export async function startS3(options: S3Options): Promise<LocalServer> {
  const s3 = openS3(options);
  const server = await listen(async (message, response) => send(response, await s3.answer(message)));
  return {
    url: server.url,
    async close() {
      await server.close();
      s3.close();
    },
  };
}

async function send(response: ServerResponse, { status, headers, body }: S3Response): Promise<void> {
  try {
    response.writeHead(status, headers);
    if (body instanceof Readable) await pipeline(body, response);
    else response.end(body);
  } catch (error) {
    if (!response.closed) throw error; // else the client hung up
  } finally {
    if (body instanceof Readable) body.destroy();
  }
}
