import { gunzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { makeTranscript } from '#shared/domain/transcript.ts';
import { ask, lookup, put, readings, setUpMediaLookup, stored } from './media-lookup.ts';
import { expectVcon } from './vcon-check.ts';

setUpMediaLookup();

const target = '/v1/conversations/support:call/vcon';
const turn = { participant: 0, role: 'agent' as const, startMs: null, endMs: null, sentiment: null, intent: null };
const transcript = makeTranscript('en', [{ ...turn, text: 'Hello' }]);
const reading = { client: 'crm', conversation: 'support:call', kind: 'vcon' };
const host = { host: 'lookup.example', 'x-forwarded-proto': 'https' };
let uuid: string;

beforeAll(async () => {
  const media = [await stored(Buffer.from('bytes'), { key: 'sound' })];
  ({ uuid } = await put('call', { media, summary: 'They talked.' }, { transcript }));
  await put('other', {}, { connection: 'sales' });
});

it('is the record, with what was said and where its files are', async () => {
  const answer = await ask(target, host);
  const vcon = JSON.parse(answer.text);
  expect([answer.status, answer.headers]).toMatchObject([
    200,
    { 'content-type': 'application/vcon', vary: 'Accept', 'content-length': String(answer.bytes.length) },
  ]);
  expectVcon(vcon);
  expect(vcon.uuid).toBe(uuid);
  expect(vcon.analysis[0].body).toEqual(transcript);
  expect(vcon.dialog[0].url).toBe('https://lookup.example/v1/conversations/support:call/media/sound');
  expect(readings).toEqual([reading]);
  expect((await ask(new URL(vcon.dialog[0].url).pathname)).text).toBe('bytes');
});

describe('its type', () => {
  it.each([
    ['*/*', 'application/vcon'],
    ['application/*', 'application/vcon'],
    ['application/vcon', 'application/vcon'],
    ['application/json', 'application/json'],
    ['text/html, application/json;q=0.5', 'application/json'],
    ['application/vcon;q=0.1, application/vcon+gzip', 'application/vcon+gzip'],
  ])('%s gives %s', async (accept, type) => {
    const answer = await ask(target, { accept, ...host });
    expect([answer.status, answer.headers['content-type']]).toEqual([200, type]);
    const text = type === 'application/vcon+gzip' ? gunzipSync(answer.bytes) : answer.bytes;
    expect(JSON.parse(String(text))).toMatchObject({ uuid });
    expect(answer.headers['content-length']).toBe(String(answer.bytes.length));
  });

  it.each(['text/html', 'application/vcon;q=0', 'application/xml', 'x'])('%s gives a 406', async (accept) => {
    expect((await ask(target, { accept })).json().code).toBe('notAcceptable');
    expect(readings).toEqual([]);
  });

  it('is packed under .gz, whatever is accepted', async () => {
    const packed = await ask(`${target}.gz`, { accept: 'text/html', ...host });
    expect(packed.headers).toMatchObject({
      'content-type': 'application/vcon+gzip',
      'content-disposition': `attachment; filename="${uuid}.vcon.gz"`,
    });
    expect(packed.headers).not.toHaveProperty('content-encoding');
    expect(String(gunzipSync(packed.bytes))).toBe((await ask(target, host)).text);
    expect(readings).toEqual([reading, reading]);
  });
});

it('an unchanged one is a 304, which is no reading; each type has its own tag', async () => {
  const tags = new Set<string>();
  for (const accept of ['application/vcon', 'application/json', 'application/vcon+gzip']) {
    const etag = (await ask(target, { accept })).headers['etag'] ?? '';
    tags.add(etag);
    readings.length = 0;
    const again = await ask(target, { accept, 'if-none-match': etag });
    expect([again.status, again.text, again.headers['etag'], readings]).toEqual([304, '', etag, []]);
  }
  expect(tags.size).toBe(3);
});

it('HEAD tells of it, which is no reading', async () => {
  const head = await ask(target, {}, { method: 'HEAD' });
  const get = await ask(target);
  expect([head.status, head.text, head.headers['content-length']]).toEqual([200, '', get.headers['content-length']]);
  expect(readings).toEqual([reading]);
});

it('needs the scope for content, and what may not be seen is not there', async () => {
  expect((await lookup.call(target)).status).toBe(401);
  for (const client of ['reader', 'recordings', 'operator']) {
    expect((await lookup.get(target, await lookup.token(client))).status).toBe(403);
  }
  const limited = await lookup.token('limited');
  for (const path of ['/v1/conversations/sales:other/vcon', '/v1/conversations/support:no/vcon.gz']) {
    expect((await lookup.get(path, limited)).status).toBe(404);
  }
  expect((await lookup.get(`${target}?x=1`, limited)).status).toBe(400);
  expect(readings).toEqual([]);
});
