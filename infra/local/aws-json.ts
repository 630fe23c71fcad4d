import type { IncomingMessage, ServerResponse } from 'node:http';
import type * as z from 'zod';
import type { Access } from './access/access.ts';
import { callerOf, requireRights } from './access/caller.ts';
import type { Ask } from './access/grants.ts';
import { AwsError, notSupported } from './aws-error.ts';
import { type LocalServer, listen } from './listen.ts';

/** One operation: parses its input and answers the output, a plain JSON value. `signal` fires when the client left. */
export type JsonOperation = (input: unknown, signal: AbortSignal) => Promise<unknown>;

/** Far above what any of the services takes (1 MiB of payload, escaped), so that a runaway body cannot fill memory. */
const maxBodyBytes = 16 * 1024 * 1024;

/**
 * An operation with its input's schema. Use strict objects, so that a parameter without an effect here is refused by
 * name rather than ignored.
 */
export function operation<Schema extends z.ZodType>(
  input: Schema,
  run: (input: z.output<Schema>, signal: AbortSignal) => unknown,
): JsonOperation {
  return async (raw, signal) => {
    const parsed = input.safeParse(raw);
    if (parsed.success) return run(parsed.data, signal);
    const unknown = parsed.error.issues.find((issue) => issue.code === 'unrecognized_keys');
    if (unknown) throw notSupported(`parameter ${[...unknown.path, unknown.keys.join(', ')].join('.')}`);
    const faults = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'input'}: ${issue.message}`);
    throw new AwsError('ValidationException', faults.join('; '));
  };
}

/** Who may do what at an endpoint, and the rights that an operation takes. */
export type Guard = { access: Access; asked: (operation: string, input: unknown) => readonly Ask[] };

/** A guard, where there is somebody to guard against. */
export const guardOf = (access: Access | undefined, asked: Guard['asked']): Guard | undefined =>
  access && { access, asked };

/** A member of an operation's input, empty where it is not a text: the operation itself says so then. */
export function memberText(input: unknown, name: string): string {
  const value = typeof input === 'object' && input !== null && name in input ? Reflect.get(input, name) : undefined;
  return typeof value === 'string' ? value : '';
}

/**
 * An endpoint of the AWS JSON protocol: POST / with the operation's name in `X-Amz-Target`. `service` is the name in
 * messages. Requests must be signed in form (an Authorization header), which also keeps web pages out. Without a guard
 * everybody may do everything.
 */
export function startJsonService(
  service: string,
  operations: Record<string, JsonOperation>,
  guard?: Guard,
): Promise<LocalServer> {
  return listen(async (request, response) => {
    const left = new AbortController();
    response.once('close', () => left.abort());
    try {
      const { name, run } = findOperation(service, operations, request);
      const input = parseJson(await readBody(request));
      if (guard) requireRights(guard.access, callerOf(request.headers.authorization), guard.asked(name, input));
      const output = await run(input, left.signal);
      send(response, 200, output ?? {});
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      send(response, error.status, { __type: error.code, message: error.message }, error.code);
    }
  });
}

function findOperation(service: string, operations: Record<string, JsonOperation>, request: IncomingMessage) {
  const name = String(request.headers['x-amz-target'] ?? '').replace(/^.*\./, '');
  if (request.method !== 'POST' || name === '') {
    throw notSupported(`${service} request ${request.method} ${request.url} without X-Amz-Target`);
  }
  if (!request.headers.authorization) {
    throw new AwsError('MissingAuthenticationTokenException', 'the request is not signed', 403);
  }
  const run = Object.hasOwn(operations, name) ? operations[name] : undefined;
  if (!run) throw notSupported(`${service} operation ${name}`);
  return { name, run };
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes > maxBodyBytes) throw new AwsError('RequestTooLargeException', `body over ${maxBodyBytes} bytes`, 413);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body === '' ? '{}' : body);
  } catch {
    throw new AwsError('SerializationException', 'the body is not JSON');
  }
}

function send(response: ServerResponse, status: number, output: unknown, errorCode?: string): void {
  const body = Buffer.from(JSON.stringify(output));
  response.writeHead(status, {
    'content-type': 'application/x-amz-json-1.1',
    'content-length': body.length,
    ...(errorCode && { 'x-amzn-errortype': errorCode }),
  });
  response.end(body);
}
