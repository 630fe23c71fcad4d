import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import { openS3, type S3 } from '#infra/local/s3/open-s3.ts';
import type { S3Message } from '#infra/local/s3/request.ts';

/** The embedded S3 over a folder of its own, asked without a socket in between. */
export type EmbeddedS3 = {
  /** a client of its own, which tries each call once: no retry hides a fault */
  client: () => S3Client;
  /** what an HTTP client gets at a presigned link */
  visit: (link: URL, headers?: Readonly<Record<string, string>>) => Promise<Response>;
  close: () => Promise<void>;
};

const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };

export async function openEmbeddedS3(): Promise<EmbeddedS3> {
  const dataDir = await mkdtemp(join(tmpdir(), 'earshot-test-'));
  const s3 = openS3({ dataDir, credentials });
  return {
    client: () => clientOf(s3),
    visit: (link, headers = {}) => visit(s3, link, headers),
    close: async () => {
      s3.close();
      await rm(dataDir, { recursive: true });
    },
  };
}

const quiet = (): void => {};

/** A logger that is not told of each call: for the SDK's own, which does nothing, all that is sent is made fit to be shown. */
const withoutCalls = { debug: quiet, warn: quiet, error: quiet } as unknown as NonNullable<S3ClientConfig['logger']>;

/** What is sent, as the SDK's request has it. */
type Request = {
  method: string;
  path: string;
  query: Readonly<Record<string, string | string[] | null>>;
  headers: Readonly<Record<string, string>>;
  body?: string | Uint8Array | Readable;
};

function clientOf(s3: S3): S3Client {
  const handle = async (request: Request) => {
    const { status, headers, body } = await s3.answer(messageOf(request));
    const named = Object.entries(headers).map(([name, value]) => [name, String(value)]);
    return { response: { statusCode: status, headers: Object.fromEntries(named), body: streamOf(body) } };
  };
  const client = new S3Client({
    ...{ endpoint: 'http://embedded.invalid', region: 'us-east-1', forcePathStyle: true, maxAttempts: 1, credentials },
    logger: withoutCalls,
    // The embedded S3 asks for an Authorization header and does not look into it.
    signer: {
      sign: async (request) => Object.assign(request, { headers: { ...request.headers, authorization: 'unsigned' } }),
    },
    requestHandler: { handle } as never, // its own type asks for options that nobody reads
  });
  client.middlewareStack.remove('getUserAgentMiddleware');
  return client;
}

async function visit(s3: S3, link: URL, given: Readonly<Record<string, string>>): Promise<Response> {
  const headers = { host: link.host, ...given };
  const answer = await s3.answer(messageOf({ method: 'GET', path: link.pathname + link.search, query: {}, headers }));
  const named = Object.entries(answer.headers).map(([name, value]): [string, string] => [name, String(value)]);
  return new Response(await buffer(streamOf(answer.body)), { status: answer.status, headers: named });
}

const streamOf = (body: Buffer | Readable | undefined): Readable =>
  body instanceof Readable ? body : Readable.from(body === undefined ? [] : [body], { objectMode: false });

function messageOf({ method, path, query, headers, body }: Request): S3Message {
  const given = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(String(value ?? ''))}`);
  const url = given.length === 0 ? path : `${path}?${given.join('&')}`;
  const lowered = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
  return {
    ...{ method, url, headers: Object.fromEntries(lowered), destroyed: false, complete: true },
    [Symbol.asyncIterator]: () => bytesOf(body),
  };
}

async function* bytesOf(body: Request['body']): AsyncIterableIterator<Buffer> {
  if (body === undefined) return;
  if (body instanceof Readable) yield* body;
  else yield typeof body === 'string' ? Buffer.from(body) : Buffer.from(body.buffer, body.byteOffset, body.length);
}
