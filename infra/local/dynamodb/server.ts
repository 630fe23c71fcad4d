import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { crc32 } from 'node:zlib';
import type { Access } from '../access/access.ts';
import { callerOf, denialText, unknownCaller } from '../access/caller.ts';
import { type LocalServer, listen } from '../listen.ts';
import { apiError, isApiError } from './api-error.ts';
import { askedOfDynamodb } from './asked.ts';
import type { Database } from './database.ts';
import { runOperation } from './operations.ts';
import type { Input } from './run-dynalite.ts';

/** DynamoDB's own limit of a request. */
const maxRequestBytes = 16 * 1024 * 1024;
const targetPrefix = 'DynamoDB_20120810.';

/** The wire protocol (AWS JSON 1.0). Signatures are asked for, not verified. */
export function startDynamodbServer(database: Database, access?: Access): Promise<LocalServer> {
  return listen((request, response) => answer({ database, access }, request, response));
}

type Served = { database: Database; access: Access | undefined };

async function answer(served: Served, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (Number(request.headers['content-length'] ?? 0) > maxRequestBytes) {
    response.writeHead(413, { connection: 'close' }).end();
    return;
  }
  const body = await buffer(request);
  try {
    const [operation, input] = [operationName(request), parse(body)];
    await requireRights(served, callerOf(request.headers.authorization), operation, input);
    send(response, 200, await runOperation(served.database, operation, input));
  } catch (error) {
    if (isApiError(error)) {
      send(response, error.statusCode, error.body);
      return;
    }
    if (response.destroyed) return; // the endpoint is closing, and this request was never acknowledged
    console.error('embedded DynamoDB:', error);
    send(response, 500, { __type: 'com.amazonaws.dynamodb.v20120810#InternalServerError', message: String(error) });
  }
}

async function requireRights({ database, access }: Served, name: string, operation: string, input: Input) {
  if (!access) return;
  if (!access.knows(name)) throw apiError('com.amazon.coral.service#UnrecognizedClientException', unknownCaller);
  for (const ask of await askedOfDynamodb(database, operation, input)) {
    if (access.may(name, ask)) continue;
    throw apiError('com.amazon.coral.service#AccessDeniedException', denialText(name, ask));
  }
}

function operationName(request: IncomingMessage): string {
  const target = String(request.headers['x-amz-target'] ?? '');
  if (!target.startsWith(targetPrefix)) {
    throw apiError('com.amazon.coral.service#UnknownOperationException', `unknown target: ${target || 'none'}`);
  }
  if (request.headers.authorization === undefined) {
    const type = 'com.amazon.coral.service#MissingAuthenticationTokenException';
    throw apiError(type, 'Request is missing Authentication Token');
  }
  return target.slice(targetPrefix.length);
}

function parse(body: Buffer): Input {
  try {
    const value: unknown = JSON.parse(body.toString());
    if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw apiError('com.amazon.coral.service#SerializationException', 'the body is not a JSON object');
}

function send(response: ServerResponse, status: number, value: object): void {
  const body = Buffer.from(JSON.stringify(value));
  response.writeHead(status, {
    'content-type': 'application/x-amz-json-1.0',
    'content-length': body.length,
    'x-amz-crc32': crc32(body),
    'x-amzn-requestid': randomUUID(),
  });
  response.end(body);
}
