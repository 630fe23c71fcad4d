import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Access } from '../access/access.ts';
import { AwsError, notSupported } from '../aws-error.ts';
import { type LocalServer, listen } from '../listen.ts';
import { authorize } from './authorize.ts';
import { type ObjectStore, openObjectStore } from './object-store.ts';
import { operationName } from './operation-name.ts';
import { s3Operations } from './operations.ts';
import type { Credentials } from './presigned.ts';
import { parseRequest } from './request.ts';
import type { S3Answer, S3Content } from './s3-operation.ts';
import { document } from './xml.ts';

export type S3Options = {
  /** everything durable lies here; one process at a time */
  dataDir: string;
  /** what presigned URLs are signed with */
  credentials: Credentials;
  /** who may do what; everybody everything where absent */
  access?: Access | undefined;
  now?: () => number;
};

/**
 * The embedded S3, path style. What it acknowledged survives SIGKILL. Requests carry an Authorization header, whose
 * signature is not checked, or are presigned URLs, whose signature and life are.
 */
export async function startS3({ dataDir, credentials, access, now = Date.now }: S3Options): Promise<LocalServer> {
  const store = openObjectStore(dataDir);
  const server = await listen(async (message, response) => {
    const answer = await answerRequest(message).catch((error: unknown) => errorAnswer(message, error));
    await send(store, message, response, answer);
  });

  async function answerRequest(message: IncomingMessage): Promise<S3Answer> {
    const request = parseRequest(message);
    const name = operationName(request);
    const caller = authorize(name, request, { credentials, access, now });
    const operation = s3Operations[name];
    if (!operation) throw notSupported(`S3 operation ${name}`);
    const unknown = [...request.query.keys()].find(
      (key) => !operation.query.includes(key) && !/^x-(id|amz-.*)$/i.test(key),
    );
    if (unknown) throw notSupported(`S3 parameter ${unknown} of ${name}`);
    return operation.run(request, { store, now, caller });
  }

  return {
    url: server.url,
    async close() {
      await server.close();
      store.close();
    },
  };
}

function errorAnswer(message: IncomingMessage, error: unknown): S3Answer {
  if (!(error instanceof AwsError)) {
    if (message.destroyed && !message.complete) return { status: 400 }; // the client is gone, nobody reads this
    throw error;
  }
  const resource = (message.url ?? '').replace(/\?.*$/s, '');
  const xml = document('Error', [
    ['Code', error.code],
    ['Message', error.message],
    ['Resource', resource],
    ['RequestId', randomUUID()],
  ]);
  return { status: error.status, xml };
}

async function send(store: ObjectStore, request: IncomingMessage, response: ServerResponse, answer: S3Answer) {
  const { status, headers = {}, xml, content } = answer;
  const body = xml === undefined ? undefined : Buffer.from(xml);
  try {
    response.writeHead(status, {
      ...headers,
      'x-amz-request-id': randomUUID(),
      ...(body && { 'content-type': 'application/xml', 'content-length': body.length }),
    });
    if (content) await pipeline(Readable.from(readContent(store, content), { objectMode: false }), response);
    else response.end(request.method === 'HEAD' ? undefined : body);
  } catch (error) {
    if (!response.closed) throw error; // else the client hung up
  } finally {
    content?.release();
  }
}

async function* readContent(store: ObjectStore, { object, range }: S3Content) {
  let start = 0;
  for (const { name, bytes } of object.files) {
    const first = Math.max(range.first - start, 0);
    const last = Math.min(range.last - start, bytes - 1);
    if (first <= last) yield* createReadStream(store.files.path(name), { start: first, end: last });
    start += bytes;
  }
}
