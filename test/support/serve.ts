import { afterEach, expect } from 'vitest';
import type { AppError } from '#shared/domain/errors.ts';
import type { Clock } from '#shared/http/clock.ts';
import type { HttpRequest } from '#shared/http/request.ts';
import { requestJson } from '#shared/http/request-json.ts';
import { type Loopback, loopback } from '#test/support/loopback.ts';
import { virtualClock } from '#test/support/virtual-clock.ts';

/** Servers of the running test, closed behind it. */
export const open: Loopback[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});

export type Reply = { status?: number; headers?: Record<string, string>; body?: string | Buffer };

/** Answers the requests in turn; the last answer is given again for ever. */
export async function serve(...replies: Reply[]) {
  const seen: { url: string | undefined; headers: Record<string, unknown>; body: string }[] = [];
  const server = await loopback(async (request, response) => {
    const {
      status = 200,
      headers = {},
      body = '{"ok":true}',
    } = replies[Math.min(seen.length, replies.length - 1)] ?? {};
    let sent = '';
    seen.push({ url: request.url, headers: request.headers, body: sent });
    for await (const chunk of request) sent += String(chunk);
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);
  });
  open.push(server);
  return { seen, url: server.url };
}

export const get = (url: string, more: Partial<HttpRequest> = {}): HttpRequest => ({
  method: 'GET',
  url: new URL(url),
  ...more,
});
export const fails = (request: HttpRequest, clock: Clock = virtualClock()): Promise<AppError> =>
  requestJson(request, clock).then(
    () => expect.fail('answered'),
    (error) => error as AppError,
  );
