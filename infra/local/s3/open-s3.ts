import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import type { Access } from '../access/access.ts';
import { AwsError, notSupported } from '../aws-error.ts';
import { authorize } from './authorize.ts';
import { type ObjectStore, openObjectStore } from './object-store.ts';
import { operationName } from './operation-name.ts';
import { s3Operations } from './operations.ts';
import type { Credentials } from './presigned.ts';
import { parseRequest, type S3Message } from './request.ts';
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

/** An answer as it goes to the client, whose body is its bytes, those of a stored object, or nothing. */
export type S3Response = {
  status: number;
  headers: Readonly<Record<string, string | number>>;
  body?: Buffer | Readable;
};

export type S3 = {
  /** Rejects where S3 would break, never because of what was asked. A body that is a stream must be read or destroyed. */
  answer: (message: S3Message) => Promise<S3Response>;
  close: () => void;
};

/**
 * The embedded S3, path style, apart from its socket. What it acknowledged survives SIGKILL. Requests carry an
 * Authorization header, whose signature is not checked, or are presigned URLs, whose signature and life are.
 */
export function openS3({ dataDir, credentials, access, now = Date.now }: S3Options): S3 {
  const store = openObjectStore(dataDir);

  async function answerRequest(message: S3Message): Promise<S3Answer> {
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
    answer: async (message) =>
      asResponse(store, message, await answerRequest(message).catch((error: unknown) => errorAnswer(message, error))),
    close: () => store.close(),
  };
}

function errorAnswer(message: S3Message, error: unknown): S3Answer {
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

function asResponse(store: ObjectStore, message: S3Message, answer: S3Answer): S3Response {
  const { status, headers: own = {}, xml, content } = answer;
  const headers = { ...own, 'x-amz-request-id': randomUUID() };
  if (content) return { status, headers, body: streamOf(store, content) };
  if (xml === undefined) return { status, headers };
  const body = Buffer.from(xml);
  const typed = { ...headers, 'content-type': 'application/xml', 'content-length': body.length };
  return message.method === 'HEAD' ? { status, headers: typed } : { status, headers: typed, body };
}

/** Gives the files back when it is read or destroyed. */
function streamOf(store: ObjectStore, content: S3Content): Readable {
  return Readable.from(readContent(store, content), { objectMode: false }).once('close', content.release);
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
