import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest';
import { openUrlServer, type UrlServer } from '#infra/local/lambda/url-server.ts';
import { functionMaker } from './made-function.ts';

const { root, make, close, remove } = functionMaker();
const servers: UrlServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
  await close();
});
afterAll(remove);

describe('a Function URL', () => {
  async function address(code: string, streaming = true): Promise<string> {
    const target = make(code);
    const server = await openUrlServer(0);
    servers.push(server);
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

  test('half an answer with a length is cut off, and the instance answers the next request', async () => {
    const url = await address(`
      import { Readable } from 'node:stream';
      import { pipeline } from 'node:stream/promises';
      async function* half() { yield 'half'; await new Promise((r) => setTimeout(r, 20)); throw new Error('S3 broke'); }
      export const handler = awslambda.streamifyResponse(async ({ rawPath }, stream) => {
        const headers = { 'content-length': rawPath === '/whole' ? 4 : 8 };
        stream = awslambda.HttpResponseStream.from(stream, { statusCode: 200, headers });
        if (rawPath === '/whole') stream.end('half');
        else await pipeline(Readable.from(half()), stream);
      });`);
    const cut = await fetch(url);
    expect(cut.headers.get('content-length')).toBe('8');
    await expect(cut.text()).rejects.toThrow();
    expect(await (await fetch(`${url}/whole`)).text()).toBe('half');
  });

  test.each([
    ['while bytes flow', 'this.push(Buffer.alloc(65_536));'],
    ['while none come', "if (this.bytesRead === undefined) this.push('first'); this.bytesRead = 5;"],
  ])('a client that leaves %s ends what the function reads from, and the next request is answered', async (_, body) => {
    const closed = join(root, 'closed');
    rmSync(closed, { force: true });
    const url = await address(`
      import { writeFileSync } from 'node:fs';
      import { Readable } from 'node:stream';
      import { pipeline } from 'node:stream/promises';
      const endless = () => new Readable({ read() { ${body} } });
      export const handler = awslambda.streamifyResponse(async ({ rawPath }, stream) => {
        if (rawPath === '/next') return stream.end('next');
        const source = endless();
        source.on('close', () => writeFileSync(${JSON.stringify(closed)}, ''));
        await pipeline(source, stream);
      });`);
    const controller = new AbortController();
    const response = await fetch(url, { signal: controller.signal });
    await response.body?.getReader().read();
    controller.abort();
    await vi.waitFor(() => expect(existsSync(closed)).toBe(true), { timeout: 1_000, interval: 5 });
    expect(await (await fetch(`${url}/next`)).text()).toBe('next');
  });

  test('a client that leaves before the answer begins costs no instance: nothing is made for nobody', async () => {
    const url = await address(`
      export const handler = awslambda.streamifyResponse(async ({ rawPath }, stream) => {
        if (rawPath === '/slow') await new Promise((r) => setTimeout(r, 100));
        stream = awslambda.HttpResponseStream.from(stream, { statusCode: 200 });
        stream.write('');
        for (let i = 0; i < (rawPath === '/slow' ? Infinity : 100); i++) {
          if (!stream.write('a'.repeat(16384))) await new Promise((r, no) => stream.once('drain', r).once('error', no));
        }
        stream.end();
      });`);
    await expect(fetch(`${url}/slow`, { signal: AbortSignal.timeout(30) })).rejects.toThrow();
    // Sooner than the function's time ends.
    const next = await fetch(url, { signal: AbortSignal.timeout(5_000) });
    expect((await next.text()).length).toBe(1_638_400);
  });
});
