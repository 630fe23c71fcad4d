import { afterEach, describe, expect, it } from 'vitest';
import type { FakeRequest } from '#infra/local/fakes/exchange.ts';
import { answerVonage } from '#infra/local/fakes/vonage/answer.ts';
import { vonageDefaults } from '#infra/local/fakes/vonage/settings.ts';
import { fakeVonage, startFakeVonage } from '#infra/local/fakes/vonage/start.ts';
import { basic, formRequest, origin, read } from './asking.ts';
import { accept, askVonage, call, vonageRequest, worldOf } from './vonage-asking.ts';

const nowMs = call.start + 3_600_000;
const world = worldOf(call.record);
const { clientId, clientSecret } = vonageDefaults;
const scope = 'interaction-content:read';
const grant = { grant_type: 'client_credentials', scope };
const authorization = basic(clientId, clientSecret);
const search = '/interaction-content/interactions';
const day = { start: '2026-03-02T00:00:00Z', end: '2026-03-03T00:00:00Z' };
const both = [`${search}/${call.record.id}`, `/conversation-analyzer/interactions/${call.record.id}`];

const tokenRequest = (form: Record<string, string>, headers: Record<string, string> = {}): FakeRequest => ({
  ...formRequest(form, headers),
  url: `${origin}/Auth/connect/token`,
});
const ask = (request: FakeRequest, settings = vonageDefaults, at = nowMs) =>
  read(answerVonage(world, request, at, settings));

describe('tokens', () => {
  it('come for Basic and for credentials in the form, for 7200 s', () => {
    for (const request of [
      tokenRequest(grant, { authorization }),
      tokenRequest({ ...grant, client_id: clientId, client_secret: clientSecret }),
    ]) {
      const { status, body } = ask(request);
      expect(status).toBe(200);
      expect(body).toEqual({ access_token: expect.any(String), token_type: 'Bearer', expires_in: 7200 });
    }
  });

  it('open both APIs until they expire', () => {
    const { access_token: token } = ask(tokenRequest(grant, { authorization })).body;
    for (const path of both) {
      const request = vonageRequest(path, {}, { authorization: `Bearer ${token}` });
      expect(ask(request, vonageDefaults, nowMs + 7_199_999).status).toBe(200);
      expect(ask(request, vonageDefaults, nowMs + 7_200_000)).toMatchObject({
        status: 401,
        body: { message: expect.any(String) },
      });
    }
  });

  it.each([
    [{ scope }, 'unsupported_grant_type'],
    [{ ...grant, grant_type: 'password' }, 'unsupported_grant_type'],
    [{ grant_type: 'client_credentials' }, 'invalid_scope'],
    [{ ...grant, scope: `${scope} everything` }, 'invalid_scope'],
  ])('are refused for %o', (form, error) => {
    const refused = ask(tokenRequest(form, { authorization }));
    expect(refused).toMatchObject({ status: 400, body: { error, error_description: expect.any(String) } });
  });

  it('are refused to a wrong client with 400 or 401, and in JSON', () => {
    const wrong = tokenRequest(grant, { authorization: basic(clientId, 'wrong') });
    expect(ask(wrong)).toMatchObject({ status: 400, body: { error: 'invalid_client' } });
    expect(ask(wrong, { ...vonageDefaults, wrongSecret: 401 }).status).toBe(401);
    expect(ask(tokenRequest(grant, { authorization, 'content-type': 'application/json' })).status).toBe(400);
  });
});

describe('access', () => {
  it.each(both)('to %s needs a token with the scope', (path) => {
    expect(ask(vonageRequest(path, {}, { authorization: 'none' })).status).toBe(401);
    const settings = { ...vonageDefaults, scopes: ['stats'] };
    const { access_token: token } = ask(tokenRequest({ ...grant, scope: 'stats' }, { authorization }), settings).body;
    expect(ask(vonageRequest(path, {}, { authorization: `Bearer ${token}` })).status).toBe(403);
  });

  it.each(both)('to %s needs a version', (path) => {
    for (const none of ['application/json', '*/*', 'application/vnd.newvoicemedia+json']) {
      expect(ask(vonageRequest(path, {}, { accept: none }))).toMatchObject({
        status: 400,
        body: { error: { code: 'ApiVersionUnspecified', message: expect.any(String), innerError: null } },
      });
    }
    expect(ask(vonageRequest(path, {}, { accept: accept.replace('v3', 'v9') })).body.error.code).toBe(
      'UnsupportedApiVersion',
    );
  });

  it('has nothing elsewhere, and takes nothing but GET', () => {
    const paths = [
      '/',
      '/stats/interactions',
      '/interaction-content',
      '/interaction-content/%',
      `${both[1]}/content/a`,
      `${both[0]}/content/callRecording/more`,
    ];
    for (const path of paths) expect(askVonage(world, path, { at: nowMs }).status).toBe(404);
    expect(ask({ ...vonageRequest(both[0] ?? ''), method: 'DELETE' }).status).toBe(404);
  });
});

describe('the fair-usage limit', () => {
  const started = (retryAfter?: string) => {
    let now = Date.parse('2026-03-02T10:00:10Z');
    const rateLimit = { perMinute: 3, ...(retryAfter === undefined ? {} : { retryAfter }) };
    const fake = fakeVonage({ world, now: () => now, rateLimit });
    const get = (path: string) => fake.handle(vonageRequest(path, day));
    return { fake, get, at: (text: string) => (now = Date.parse(text)) };
  };

  it('counts the requests to both APIs and their bytes together, tokens apart', () => {
    const { fake, get, at } = started();
    fake.handle(tokenRequest(grant, { authorization }));
    const asked = [search, both[1] ?? '', `${both[0]}/content/callRecording`, search, both[0] ?? ''];
    expect(asked.map((path) => get(path).status)).toEqual([200, 200, 200, 429, 429]);
    at('2026-03-02T10:00:59Z');
    expect(get(search).status).toBe(429);
    at('2026-03-02T10:01:00Z');
    expect(get(search).status).toBe(200);
    expect(fake.requests).toMatchObject({ total: 8, cost: 4 });
  });

  it('says nothing of when to come again, unless it is told to', () => {
    for (const retryAfter of [undefined, '20']) {
      const { get } = started(retryAfter);
      const last = [get(search), get(search), get(search), get(search)].at(-1);
      expect([last?.status, last?.headers['retry-after']]).toEqual([429, retryAfter]);
      expect(Object.keys(last?.headers ?? {}).filter((name) => /ratelimit|quota/.test(name))).toEqual([]);
    }
  });
});

describe('on a port', () => {
  const closers: (() => Promise<void>)[] = [];
  afterEach(async () => {
    await Promise.all(closers.splice(0).map((close) => close()));
  });

  it('stands everything at one host', async () => {
    const fake = await startFakeVonage({ world, now: () => nowMs });
    closers.push(fake.close);
    const granted = await fetch(fake.tokenUrl, {
      method: 'POST',
      headers: { authorization },
      body: new URLSearchParams(grant),
    });
    // the shape of a granted token
    const { access_token: token } = (await granted.json()) as { access_token: string };
    const headers = { accept, authorization: `Bearer ${token}` };
    const listed = await fetch(`${fake.baseUrl}${search}?${new URLSearchParams(day)}`, { headers });
    expect(await listed.json()).toMatchObject({ items: [{ guid: call.record.id }] });
    const bytes = await fetch(`${fake.baseUrl}${both[0]}/content/callRecording`, { headers });
    expect(bytes.headers.get('content-type')).toBe('audio/wav');
    expect(fake.requests.total).toBe(3);
  });
});
