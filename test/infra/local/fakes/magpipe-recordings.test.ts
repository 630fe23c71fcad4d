import { describe, expect, it } from 'vitest';
import { wavOf } from '#infra/local/fakes/audio.ts';
import { type FakeRequest, wholeBody } from '#infra/local/fakes/exchange.ts';
import { answerMagpipe } from '#infra/local/fakes/magpipe/answer.ts';
import { inventMagpipeWorld } from '#infra/local/fakes/magpipe/invent.ts';
import { type MagpipeSettings, magpipeDefaults } from '#infra/local/fakes/magpipe/settings.ts';
import type { MagpipeCall } from '#infra/local/fakes/magpipe/world.ts';
import { origin, read } from './asking.ts';

const from = Date.parse('2026-03-02T09:00:00Z');
const world = inventMagpipeWorld('recordings', from, from + 3_600_000, 20);
const call = world.calls.find(({ recordingAtUs }) => recordingAtUs !== null) as MagpipeCall;
const silent = world.calls.find(({ recordingAtUs }) => recordingAtUs === null) as MagpipeCall;
const now = from + 7_200_000;

const post = (endpoint: string, body: object, settings: Partial<MagpipeSettings> = {}) =>
  read(
    answerMagpipe(
      world,
      {
        method: 'POST',
        url: `${origin}/functions/v1/${endpoint}`,
        headers: { authorization: `Bearer ${magpipeDefaults.apiToken}` },
        body: JSON.stringify(body),
      },
      now,
      { ...magpipeDefaults, ...settings },
    ),
  );
const link = (settings: Partial<MagpipeSettings> = {}): string =>
  post('get-call', { call_id: call.id }, settings).body.recording_url;
const fetchAt = (url: string, atMs = now, headers: Record<string, string> = {}, method = 'GET') => {
  const request: FakeRequest = { method, url, headers, body: '' };
  return answerMagpipe(world, request, atMs);
};

describe('a recording', () => {
  it('is a WAV file behind a link of one hour that needs no token', () => {
    const url = link();
    const answer = fetchAt(url);
    expect([answer.status, answer.headers['content-type']]).toEqual([200, 'audio/wav']);
    expect(wholeBody(answer)).toEqual(wavOf(call.id));
    expect([3_599_999, 3_600_000].map((ms) => fetchAt(url, now + ms).status)).toEqual([200, 403]);
    expect(fetchAt(url.replace(/.$/, 'x')).status).toBe(403);
    expect(fetchAt(url, now, { authorization: 'Bearer mgp_demo' }).status).toBe(400);
  });

  it('is served in parts, as long as it is the same', () => {
    const url = link();
    const whole = wholeBody(fetchAt(url));
    const part = fetchAt(url, now, { range: 'bytes=100-199' });
    expect([part.status, part.headers['content-range']]).toEqual([206, `bytes 100-199/${whole.length}`]);
    expect(wholeBody(part)).toEqual(whole.subarray(100, 200));
    const etag = part.headers['etag'] ?? '';
    const rest = { range: 'bytes=100-' };
    expect(fetchAt(url, now, { ...rest, 'if-range': etag }).status).toBe(206);
    expect(fetchAt(url, now, { ...rest, 'if-range': '"another"' }).status).toBe(200);
    expect(fetchAt(url, now, { range: 'bytes=999999999-' }).status).toBe(416);
  });

  it('may lie on another host, for another time', () => {
    const url = new URL(link({ filesOrigin: 'https://storage.example.com', linkLifeMs: 1_000 }));
    expect([url.origin, url.searchParams.get('expires')]).toEqual(['https://storage.example.com', String(now + 1_000)]);
  });

  it('is gone with its call, and there from its moment on', () => {
    const url = link();
    const gone = { calls: [{ ...call, deletedAtUs: 0 }] };
    expect(answerMagpipe(gone, { method: 'GET', url, headers: {}, body: '' }, now).status).toBe(404);
    const late = { calls: [{ ...call, recordingAtUs: now * 1_000 + 1 }] };
    expect(answerMagpipe(late, { method: 'GET', url, headers: {}, body: '' }, now).status).toBe(404);
  });
});

describe('get-signed-recording-url', () => {
  it('gives a link for as long as asked, a day at most', () => {
    const lives = [undefined, 60, 999_999].map((expires_in) => {
      const { body } = post('get-signed-recording-url', { call_id: call.id, expires_in });
      expect(fetchAt(body.recording_url).status).toBe(200);
      return (Date.parse(body.expires_at) - now) / 1_000;
    });
    expect(lives).toEqual([3_600, 60, 86_400]);
  });

  it.each([
    [{}, 400, 'missing_param'],
    [{ call_id: 'nobody' }, 404, 'not_found'],
    [{ call_id: silent.id }, 404, 'no_recording'],
  ])('refuses %j', (body, status, code) => {
    expect(post('get-signed-recording-url', body)).toMatchObject({ status, body: { error: { code } } });
  });

  it('may be the stub that gives back what it is given', () => {
    const stub = { signedUrls: 'stub' } as const;
    expect(post('get-signed-recording-url', { recordingUrl: 'https://a.example/b' }, stub).body).toEqual({
      signedUrl: 'https://a.example/b',
      message: expect.any(String),
    });
    expect(post('get-signed-recording-url', { call_id: call.id }, stub)).toMatchObject({
      status: 400,
      body: { error: expect.any(String) },
    });
  });
});
