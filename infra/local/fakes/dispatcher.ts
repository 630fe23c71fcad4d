import { Agent, type Dispatcher } from 'undici';
import { type FakeRequest, wholeBody } from './exchange.ts';
import type { FakeProvider, FakeReply } from './provider.ts';

/**
 * A network without sockets: requests to the named origins go to the fakes, any other origin is an error. Of the wire
 * faults, `reset`, `close` and `stall` are played; the others need a socket and are an error here.
 */
export function fakeNetwork(fakes: Readonly<Record<string, FakeProvider>>): Dispatcher {
  return new Agent().compose(() => (options, handler) => {
    void answer(fakes, options).then(
      (reply) => play(reply, handler),
      (error: unknown) => fail(handler, error instanceof Error ? error : new Error('fake failed', { cause: error })),
    );
    return true;
  });
}

async function answer(
  fakes: Readonly<Record<string, FakeProvider>>,
  options: Dispatcher.DispatchOptions,
): Promise<FakeReply> {
  const origin = String(options.origin ?? '');
  const fake = Object.hasOwn(fakes, origin) ? fakes[origin] : undefined;
  if (!fake) throw new Error(`no fake provider at ${origin}`);
  const request: FakeRequest = {
    method: options.method,
    url: addressOf(options, origin),
    headers: plainHeaders(options.headers),
    body: await bodyText(options.body),
  };
  return fake.handle(request);
}

function addressOf({ path, query = {} }: Dispatcher.DispatchOptions, origin: string): string {
  const url = new URL(path, origin);
  for (const [name, value] of Object.entries(query)) url.searchParams.append(name, String(value));
  return url.href;
}

function play(reply: FakeReply, handler: Dispatcher.DispatchHandler): void {
  const { wire } = reply;
  const body = wholeBody(reply);
  if (wire && wire.kind !== 'reset' && wire.kind !== 'stall' && wire.kind !== 'close') {
    fail(handler, new Error(`${wire.kind} needs a socket`));
    return;
  }
  let aborted: Error | undefined;
  const controller: Dispatcher.DispatchController = {
    aborted: false,
    paused: false,
    reason: null,
    abort: (reason) => {
      if (aborted) return;
      aborted = reason;
      handler.onResponseError?.(controller, reason);
    },
    pause: () => undefined,
    resume: () => undefined,
  };
  handler.onRequestStart?.(controller, {});
  const sent = wire?.afterBytes ?? body.length;
  if (sent >= 0 && !aborted) {
    const length = reply.status === 204 ? {} : { 'content-length': String(body.length) };
    handler.onResponseStart?.(controller, reply.status, { ...reply.headers, ...length }, '');
    if (body.length > 0 && !aborted) handler.onResponseData?.(controller, body.subarray(0, sent));
  }
  if (aborted || wire?.kind === 'stall') return;
  if (wire?.kind === 'reset' || wire?.kind === 'close') handler.onResponseError?.(controller, connectionReset());
  else handler.onResponseEnd?.(controller, {});
}

function fail(handler: Dispatcher.DispatchHandler, error: Error): void {
  const controller = { aborted: true, paused: false, reason: error, abort() {}, pause() {}, resume() {} };
  handler.onResponseError?.(controller, error);
}

function connectionReset(): Error {
  return Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
}

/** undici takes headers as an object, as pairs, or as a flat list. */
function plainHeaders(headers: Dispatcher.DispatchOptions['headers']): Record<string, string> {
  if (!headers) return {};
  const flat = Array.isArray(headers) && headers.every((item) => typeof item === 'string');
  const pairs = flat
    ? headers.flatMap((item, i) => (i % 2 === 0 ? [[item, headers[i + 1]] as const] : []))
    : Symbol.iterator in headers
      ? [...headers]
      : Object.entries(headers);
  return Object.fromEntries(pairs.map((pair) => [String(pair[0]).toLowerCase(), String(pair[1])]));
}

async function bodyText(body: Dispatcher.DispatchOptions['body']): Promise<string> {
  if (body === null || body === undefined) return '';
  if (typeof body === 'string' || body instanceof Uint8Array) return Buffer.from(body).toString();
  if (Symbol.asyncIterator in body) {
    const chunks: Uint8Array[] = [];
    for await (const chunk of body) chunks.push(Buffer.from(chunk));
    return Buffer.concat(chunks).toString();
  }
  throw new Error('a body of this kind is not read here');
}
