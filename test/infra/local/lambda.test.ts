import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { type LocalFunction, openFunction } from '#infra/local/lambda/function-pool.ts';
import { openUrlServer } from '#infra/local/lambda/url-server.ts';
import type { FunctionDefinition } from '#infra/local/template/description.ts';

const root = mkdtempSync(join(tmpdir(), 'earshot-lambda-'));
const open: { stop?: () => Promise<void>; close?: () => Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await (one.stop ?? one.close)?.();
});
afterAll(() => rmSync(root, { recursive: true }));

let count = 0;
/** A function whose module is `code`; `printed` holds what it wrote. */
function make(code: string, more: Partial<FunctionDefinition> = {}): LocalFunction & { printed: () => string } {
  const name = `f${++count}`;
  const folder = join(root, name);
  mkdirSync(folder);
  writeFileSync(join(folder, 'index.mjs'), code);
  const definition = {
    name,
    logicalId: name,
    folder,
    handler: 'index.handler',
    environment: {},
    timeoutMs: 10_000,
    memoryMb: 256,
    concurrency: 1,
    ...more,
  };
  let printed = '';
  const made = openFunction(definition, {
    endpoints: { AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:9' },
    onOutput: (output) => output.on('data', (chunk) => (printed += String(chunk))),
  });
  open.push(made);
  return Object.assign(made, { printed: () => printed });
}

const returned = async (target: LocalFunction, event: unknown = {}): Promise<unknown> => {
  const outcome = await target.invoke(event);
  return outcome.kind === 'returned' ? JSON.parse(outcome.payload) : outcome;
};

describe('a function', () => {
  test('has an environment and globals of its own', async () => {
    const code = `
      globalThis.seen = (globalThis.seen ?? 0);
      process.env.LEAK ??= process.env.MINE;
      export const handler = async () => ({ seen: ++globalThis.seen, leak: process.env.LEAK, mine: process.env.MINE,
        s3: process.env.AWS_ENDPOINT_URL_S3, region: process.env.AWS_REGION, outside: process.env.OUTSIDE ?? null });`;
    process.env['OUTSIDE'] = 'of the main process';
    const [one, two] = [make(code, { environment: { MINE: 'a' } }), make(code, { environment: { MINE: 'b' } })];
    const common = { s3: 'http://127.0.0.1:9', region: 'us-east-1', outside: null };
    expect(await returned(one)).toEqual({ seen: 1, leak: 'a', mine: 'a', ...common });
    expect(await returned(one)).toEqual({ seen: 2, leak: 'a', mine: 'a', ...common });
    expect(await returned(two)).toEqual({ seen: 1, leak: 'b', mine: 'b', ...common });
    expect(process.env['LEAK']).toBeUndefined();
    delete process.env['OUTSIDE'];
  });

  test('gets event and context, and what it prints is captured', async () => {
    const target = make(`export const handler = async (event, context) => { console.log('hello ' + event.who);
      return [event.who, context.functionName, context.getRemainingTimeInMillis() > 9000, context.awsRequestId.length]; };`);
    expect(await returned(target, { who: 'Ada' })).toEqual(['Ada', target.definition.name, true, 36]);
    await expect.poll(target.printed).toContain('hello Ada');
  });

  test('runs one invocation at a time in an instance, and no more instances than its limit', async () => {
    const code = `let running = 0; const mine = Math.random();
      export const handler = async () => { running++; await new Promise((r) => setTimeout(r, 30)); const most = running; running--; return [mine, most]; };`;
    const target = make(code, { concurrency: 2 });
    const answers = (await Promise.all([1, 2, 3, 4, 5].map(() => returned(target)))) as [number, number][];
    expect(answers.map(([, most]) => most)).toEqual([1, 1, 1, 1, 1]);
    expect(new Set(answers.map(([instance]) => instance)).size).toBe(2);
  });

  test('is ended when its time is over, and the next invocation gets a fresh instance', async () => {
    const target = make(
      `let calls = 0; export const handler = async ({ spin }) => { calls++; while (spin) {} return calls; };`,
      { timeoutMs: 1000 },
    );
    expect(await returned(target)).toBe(1);
    expect(await returned(target, { spin: true })).toEqual({
      kind: 'failed',
      error: { errorType: 'Sandbox.Timedout', errorMessage: 'Task timed out after 1.00 seconds' },
    });
    expect(await returned(target)).toBe(1);
  });

  test.each([
    ['exits', 'process.exit(3)', 'Runtime.ExitError'],
    [
      'throws outside of its promise',
      'setImmediate(() => { throw new RangeError("x") }); await new Promise(() => {})',
      'RangeError',
    ],
  ])('that %s fails that invocation only', async (_, crash, errorType) => {
    const target = make(
      `let calls = 0; export const handler = async ({ bad }) => { calls++; if (bad) { ${crash} } return calls; };`,
    );
    expect(await returned(target)).toBe(1);
    expect(await returned(target, { bad: true })).toMatchObject({ kind: 'failed', error: { errorType } });
    expect(await returned(target)).toBe(1);
  });

  test('that throws keeps its instance; one that cannot load says so each time', async () => {
    const target = make(
      `let calls = 0; export const handler = async ({ bad }) => { calls++; if (bad) throw new TypeError('no'); return calls; };`,
    );
    expect(await returned(target, { bad: true })).toEqual({
      kind: 'failed',
      error: { errorType: 'TypeError', errorMessage: 'no' },
    });
    expect(await returned(target)).toBe(2);
    const broken = make(`export const other = 1;`);
    for (let i = 0; i < 2; i++)
      expect(await returned(broken)).toMatchObject({
        kind: 'failed',
        error: { errorMessage: expect.stringContaining('not exported') },
      });
  });
});

describe('a Function URL', () => {
  async function address(code: string, streaming = true): Promise<string> {
    const target = make(code);
    const server = await openUrlServer(0);
    open.push(server);
    server.serve(() => ({ target, streaming }));
    return `http://127.0.0.1:${server.port}`;
  }

  test('hands over a request in payload format 2.0', async () => {
    const url = await address(
      'export const handler = async (event) => ({ statusCode: 200, body: JSON.stringify(event) });',
      false,
    );
    const response = await fetch(`${url}/a%2Fb/c?x=1&y=%C3%A9&x=2,3`, {
      method: 'POST',
      body: '{"a":1}',
      headers: { 'Content-Type': 'application/json', 'X-Thing': 'One', cookie: 'k=v; l=w' },
    });
    expect(await response.json()).toMatchObject({
      version: '2.0',
      rawPath: '/a%2Fb/c',
      rawQueryString: 'x=1&y=%C3%A9&x=2,3',
      queryStringParameters: { x: '1,2,3', y: 'é' },
      cookies: ['k=v', 'l=w'],
      headers: { 'content-type': 'application/json', 'x-thing': 'One', 'x-forwarded-for': '127.0.0.1' },
      requestContext: { http: { method: 'POST', path: '/a%2Fb/c', sourceIp: '127.0.0.1' }, stage: '$default' },
      body: '{"a":1}',
      isBase64Encoded: false,
    });
  });

  test('keeps bytes in both directions', async () => {
    const url = await address(
      'export const handler = async ({ body, isBase64Encoded }) => ({ statusCode: 201, isBase64Encoded, body, headers: { "Content-Type": "x/y" }, cookies: ["a=b"] });',
      false,
    );
    const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
    const response = await fetch(url, {
      method: 'PUT',
      body: bytes,
      headers: { 'content-type': 'application/octet-stream' },
    });
    expect([response.status, response.headers.get('content-type'), response.headers.get('set-cookie')]).toEqual([
      201,
      'x/y',
      'a=b',
    ]);
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(bytes);
  });

  test('a value without a status is a JSON body; a request over 6 MB is refused; an error is a 502', async () => {
    const url = await address(
      'export const handler = async ({ rawPath }) => { if (rawPath === "/bad") throw new Error("secret"); return { a: 1 }; };',
      false,
    );
    expect(await (await fetch(url)).json()).toEqual({ a: 1 });
    expect((await fetch(url, { method: 'POST', body: new Uint8Array(6 * 1024 * 1024 + 1) })).status).toBe(413);
    const failed = await fetch(`${url}/bad`);
    expect([failed.status, await failed.text()]).toEqual([502, 'Internal Server Error']);
  });

  test.each([
    ['a status', { statusCode: 9999 }],
    ['a header', { statusCode: 200, headers: { 'x-a': 'line\nbreak' } }],
  ])('%s that HTTP does not know is a 502, streamed or not, and the next request is answered', async (_, prelude) => {
    const streamed = await address(`
      export const handler = awslambda.streamifyResponse(async ({ rawPath }, stream) => {
        const prelude = rawPath === '/bad' ? ${JSON.stringify(prelude)} : { statusCode: 204 };
        const out = awslambda.HttpResponseStream.from(stream, prelude);
        if (rawPath === '/bad') out.write('something');
        out.end();
      });`);
    const buffered = await address(
      `export const handler = async ({ rawPath }) => rawPath === '/bad' ? ${JSON.stringify(prelude)} : { statusCode: 204 };`,
      false,
    );
    for (const url of [streamed, buffered]) {
      expect([(await fetch(`${url}/bad`)).status, (await fetch(url)).status]).toEqual([502, 204]);
    }
  });

  test('streams: the first part is there before the function makes the second', async () => {
    const gate = join(root, 'gate');
    const url = await address(`
      import { existsSync } from 'node:fs';
      export const handler = awslambda.streamifyResponse(async (event, stream, context) => {
        const headers = { 'content-type': 'text/plain', 'x-time': context.getRemainingTimeInMillis() > 0 };
        stream = awslambda.HttpResponseStream.from(stream, { statusCode: 206, headers });
        stream.write('');
        stream.write('first ');
        while (!existsSync(${JSON.stringify(gate)})) await new Promise((r) => setTimeout(r, 5));
        stream.end('second');
      });`);
    const response = await fetch(url);
    expect([response.status, response.headers.get('x-time')]).toEqual([206, 'true']);
    const parts: string[] = [];
    for await (const part of response.body ?? []) {
      parts.push(Buffer.from(part).toString());
      writeFileSync(gate, '');
    }
    expect(parts).toEqual(['first ', 'second']);
  });

  test('20 MB arrive whole and in order', async () => {
    const url = await address(`
      export const handler = awslambda.streamifyResponse(async (event, stream) => {
        for (let i = 0; i < 320; i++) if (!stream.write(Buffer.alloc(65536, i % 256))) await new Promise((r) => stream.once('drain', r));
        stream.end();
      });`);
    const expected = Buffer.concat(Array.from({ length: 320 }, (_, i) => Buffer.alloc(65536, i % 256)));
    expect(Buffer.from(await (await fetch(url)).arrayBuffer()).equals(expected)).toBe(true);
  });

  test('a stream that breaks off is no whole answer; before its first byte it is a 502', async () => {
    const url = await address(`
      export const handler = awslambda.streamifyResponse(async ({ rawPath }, stream) => {
        if (rawPath === '/late') { stream.write('half'); await new Promise((r) => setTimeout(r, 50)); }
        throw new Error('no');
      });`);
    expect((await fetch(`${url}/early`)).status).toBe(502);
    const response = await fetch(`${url}/late`);
    await expect(response.text()).rejects.toThrow();
  });
});
