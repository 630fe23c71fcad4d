import { DeleteObjectCommand } from '@aws-sdk/client-s3';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { putVersion } from '#shared/storage/conversations.ts';
import { connectionsFile, lookupOver } from './lookup-harness.ts';
import { ask, clock, lookup, opened, put, readings, sentToS3, setUpMediaLookup, stored } from './media-lookup.ts';

setUpMediaLookup();

const bytes = Buffer.from('twelve bytes');
const base = '/v1/conversations/support:call';
const odd = '#\0/../%2F?,日本 𝕏\ud800"\r\nx: y';

beforeAll(async () => {
  const files: [string, string][] = [
    ['sound', 'audio/wav'],
    ['film', 'video/mp4'],
    ['log', 'application/json'],
    ['page', 'text/html'],
    ['picture', 'image/svg+xml'],
    ['plain', 'text/plain'],
    ['page.html', 'text/html'],
    ['__proto__', 'constructor'],
    [odd, 'audio/x\r\nset-cookie: a=b'],
  ];
  const media = await Promise.all(
    files.map(async ([key, contentType]) => ({ ...(await stored(bytes, { key })), contentType })),
  );
  await put('call', { media });
  await put('other', { media: [await stored(bytes, { key: 'sound' })] }, { connection: 'sales' });
  await put('none', { files: [{ ...pendingFile, key: 'sound' }] });
});

const pendingFile = { kind: 'recording', contentType: null, bytes: null, revision: null, copiedRevision: null };

describe('what is said of a file', () => {
  it.each([
    ['sound', 'audio/wav', 'inline; filename="sound.wav"'],
    ['film', 'video/mp4', 'inline; filename="film.mp4"'],
    ['log', 'application/json', 'attachment; filename="log.json"'],
    ['page', 'application/octet-stream', 'attachment; filename="page.bin"'],
    ['picture', 'application/octet-stream', 'attachment; filename="picture.bin"'],
    ['plain', 'application/octet-stream', 'attachment; filename="plain.txt"'],
    ['page.html', 'application/octet-stream', 'attachment; filename="page_html.bin"'],
    ['__proto__', 'application/octet-stream', 'attachment; filename="__proto__.bin"'],
    [odd, 'application/octet-stream', 'attachment; filename="_2F_x_y.bin"'],
  ])('%j', async (key, type, disposition) => {
    const answer = await ask(`${base}/media/${encodeURIComponent(key.toWellFormed())}`);
    expect(answer.status).toBe(200);
    expect(answer.bytes).toEqual(bytes);
    expect(answer.headers).toMatchObject({
      'content-type': type,
      'content-disposition': disposition,
      'X-Content-Type-Options': 'nosniff',
      'Content-Security-Policy': expect.stringMatching(/^default-src 'none';.* sandbox;/),
      'cache-control': 'private, no-cache',
    });
  });
});

describe('a 404, and nothing is read', () => {
  it.each([
    ['no such key', `${base}/media/Sound`],
    ['a key of blanks', `${base}/media/%20`],
    ['a slash', `${base}/media/a%2Fb`],
    ['a way up', `${base}/media/..%2F..%2Fsound`],
    ['a hash', `${base}/media/%23`],
    ['NUL', `${base}/media/sound%00`],
    ['another alphabet', `${base}/media/${encodeURIComponent('запись 𝕏')}`],
    ['a property of objects', `${base}/media/constructor`],
    ['a long one', `${base}/media/${'a'.repeat(5_000)}`],
    ['twice encoded', `${base}/media/%2573ound`],
    ['a file that is not ours yet', '/v1/conversations/support:none/media/sound'],
    ['no such conversation', '/v1/conversations/support:no/media/sound'],
    ['an empty key', `${base}/media/`],
    ['two segments', `${base}/media/a/b`],
  ])('%s', async (_, target) => {
    expect((await ask(target)).json()).toMatchObject({ code: 'notFound' });
    expect((await ask(target, {}, { method: 'HEAD' })).status).toBe(404);
    expect([readings, sentToS3]).toEqual([[], []]);
  });

  it('of a connection that the client may not see', async () => {
    const limited = await lookup.token('limited');
    expect((await lookup.get('/v1/conversations/sales:other/media/sound', limited)).status).toBe(404);
    expect((await lookup.get(`${base}/media/sound`, limited)).status).toBe(200);
  });

  it('where the object is gone', async () => {
    const lost = await stored(Buffer.from('gone'), { key: 'gone' });
    await put('lost', { media: [lost] });
    await opened.store.objects.send(new DeleteObjectCommand({ Bucket: opened.store.bucket, Key: lost.object }));
    expect((await ask('/v1/conversations/support:lost/media/gone')).status).toBe(404);
    expect(readings).toEqual([]);
  });
});

it('wrongly encoded keys are a 400, and other parameters too', async () => {
  for (const key of ['%', '%zz', '%C3', '%FF']) expect((await ask(`${base}/media/${key}`)).status).toBe(400);
  for (const query of ['x=1', 'link=', 'link=a&link=b', 'link']) {
    expect((await ask(`${base}/media/sound?${query}`)).status).toBe(400);
  }
});

it('needs a token, and the scope for media', async () => {
  expect((await lookup.call(`${base}/media/sound`)).status).toBe(401);
  for (const client of ['reader', 'public', 'operator']) {
    expect((await lookup.get(`${base}/media/sound`, await lookup.token(client))).status).toBe(403);
  }
  expect((await lookup.get(`${base}/media/sound`, await lookup.token('recordings'))).status).toBe(200);
});

it('takes the object that the record names, and not its neighbour when the file is replaced', async () => {
  const [first, second] = [
    await stored(Buffer.from('old'), { key: 'f' }),
    await stored(Buffer.from('newer'), { key: 'f' }),
  ];
  const conversation = await put('replaced', { media: [first] });
  const target = '/v1/conversations/support:replaced/media/f';
  const before = await ask(target);
  const next = { ...conversation, version: 2, media: [second] };
  await putVersion(opened.store, { conversation: next, transcript: null }, 1);
  const ifRange = { range: 'bytes=1-', 'if-range': before.headers['etag'] ?? '' };
  expect([before.text, (await ask(target, ifRange)).text]).toEqual(['old', 'newer']);
});

it('an object of another length than the record says is our fault, and nothing of it is sent', async () => {
  const file = await stored(Buffer.from('short'), { key: 'short' });
  await put('short', { media: [{ ...file, bytes: 6 }] });
  for (const range of ['bytes=0-1', 'bytes=0-', 'bytes=5-']) {
    expect((await ask('/v1/conversations/support:short/media/short', { range })).status).toBe(500);
  }
  expect(readings).toEqual([]);
});

it('sends nothing where the reading cannot be noted, and leaves nothing open', async () => {
  const note = async () => Promise.reject(new Error('the log is away'));
  const deaf = lookupOver(opened.store, clock, connectionsFile, undefined, { reads: { note } });
  const answer = await deaf.get(`${base}/media/sound`, await deaf.token('crm'));
  expect([answer.status, answer.text]).toEqual([500, expect.not.stringContaining('twelve')]);
  const opening: unknown = vi.mocked(opened.store.objects.send).mock.results.at(-1)?.value;
  expect(await opening).toMatchObject({ Body: { destroyed: true } });
});

describe('more than 100 MiB at once', () => {
  const limit = 100 * 1024 ** 2;
  const target = '/v1/conversations/support:large/media/large%22%0D';

  beforeAll(async () => {
    const file = await stored(bytes, { key: 'large"\r' });
    await put('large', { media: [{ ...file, bytes: limit + 1 }] });
  });

  it('is at S3 for a minute, its type and disposition signed', async () => {
    const answer = await ask(target);
    const location = new URL(answer.headers['location'] ?? '');
    expect([answer.status, answer.text, answer.headers['cache-control']]).toEqual([302, '', 'no-store']);
    expect(location.searchParams.get('X-Amz-Expires')).toBe('60');
    const fetched = await opened.visit(location, { range: 'bytes=-5' });
    expect([fetched.status, await fetched.text()]).toEqual([206, 'bytes']);
    expect(fetched.headers.get('content-type')).toBe('audio/wav');
    expect(fetched.headers.get('content-disposition')).toBe('inline; filename="large_.wav"');
    expect(readings).toHaveLength(1);
    location.searchParams.set('response-content-type', 'text/html');
    expect((await opened.visit(location)).status).toBe(403);
  });

  it.each<[string, number]>([
    [`bytes=0-${limit}`, 302],
    ['bytes=0-', 302],
    [`bytes=-${limit + 1}`, 302],
    ['bytes=0-0,1-1', 302],
    [`bytes=${limit + 1}-`, 416],
  ])('%s', async (range, status) => {
    expect((await ask(target, { range })).status).toBe(status);
    expect(sentToS3).toEqual([]);
  });

  it('a smaller part comes from here, also the largest one', async () => {
    // The object is shorter than its record says, which shows that it was asked for.
    for (const range of ['bytes=1-', `bytes=0-${limit - 1}`, 'bytes=0-0']) await ask(target, { range });
    expect(sentToS3).toEqual(['GetObjectCommand', 'GetObjectCommand', 'GetObjectCommand']);
  });

  it('HEAD tells its length', async () => {
    const answer = await ask(target, {}, { method: 'HEAD' });
    expect([answer.status, answer.headers['content-length']]).toEqual([200, String(limit + 1)]);
  });
});
