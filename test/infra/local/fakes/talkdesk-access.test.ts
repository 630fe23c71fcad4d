import { generateKeyPairSync } from 'node:crypto';
import { SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { signedLink } from '#infra/local/fakes/signed-link.ts';
import { answerTalkdesk } from '#infra/local/fakes/talkdesk/answer.ts';
import { inventTalkdeskWorld } from '#infra/local/fakes/talkdesk/invent.ts';
import { talkdeskDefaults } from '#infra/local/fakes/talkdesk/settings.ts';
import { fakeTalkdesk } from '#infra/local/fakes/talkdesk/start.ts';
import type { TalkdeskRecord, TalkdeskRecording } from '#infra/local/fakes/talkdesk/world.ts';
import { basic, formRequest, getRequest, origin, read } from './asking.ts';

const nowMs = Date.parse('2026-03-02T09:00:10Z');
const world = inventTalkdeskWorld('access', nowMs - 86_400_000, nowMs - 43_200_000, 12, { neverShare: 0 });
const { clientId, clientSecret } = talkdeskDefaults;
const grant = { grant_type: 'client_credentials' };
const authorization = basic(clientId, clientSecret);
const list = '/conversations/interactions';

const ask = (request: Parameters<typeof answerTalkdesk>[1], settings = talkdeskDefaults, at = nowMs) =>
  read(answerTalkdesk(world, request, at, settings));
const tokenFor = (scope?: string): string =>
  ask(formRequest(scope === undefined ? grant : { ...grant, scope }, { authorization })).body.access_token;

describe('tokens', () => {
  it('name every granted scope when none is asked for', () => {
    expect(ask(formRequest(grant, { authorization }))).toMatchObject({
      status: 200,
      body: { token_type: 'Bearer', expires_in: 3600, scope: 'interactions-public:read recordings:read' },
    });
  });

  it('come for credentials in the form too', () => {
    expect(ask(formRequest({ ...grant, client_id: clientId, client_secret: clientSecret })).status).toBe(200);
  });

  it('have errors of the token shape', () => {
    const refused = ask(formRequest(grant, { authorization: basic(clientId, 'wrong') }));
    expect(refused).toMatchObject({
      status: 401,
      body: { error: 'invalid_client', error_description: expect.any(String) },
    });
    expect(ask(formRequest({ ...grant, scope: 'users:write' }, { authorization })).body.error).toBe('invalid_scope');
    expect(ask(formRequest({}, { authorization })).status).toBe(400);
  });

  it('expire', () => {
    const request = getRequest(list, '', tokenFor());
    expect(ask(request, talkdeskDefaults, nowMs + 3_599_999).status).toBe(200);
    expect(ask(request, talkdeskDefaults, nowMs + 3_600_000)).toMatchObject({
      status: 401,
      body: { message: 'Unauthorized' },
    });
  });

  it('open only what their scopes name', () => {
    expect(ask(getRequest(list, '', tokenFor('recordings:read')))).toMatchObject({
      status: 403,
      body: { code: expect.any(String) },
    });
    expect(ask(getRequest('/recordings/x', '', tokenFor('interactions-public:read'))).status).toBe(403);
    expect(ask(getRequest(list)).status).toBe(401);
  });
});

describe('signed client assertions', () => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const settings = { ...talkdeskDefaults, clientKey: { keyId: 'k1', pem } };
  const signed = async (kid: string, audience: string, seconds: number): Promise<number> => {
    const issued = nowMs / 1_000;
    const jwt = await new SignJWT({
      iss: clientId,
      sub: clientId,
      aud: audience,
      iat: issued,
      exp: issued + seconds,
      jti: 'j1',
    })
      .setProtectedHeader({ alg: 'ES256', kid })
      .sign(privateKey);
    const type = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
    return ask(formRequest({ ...grant, client_assertion_type: type, client_assertion: jwt }), settings).status;
  };

  it('are taken for this very address, by a known key, for five minutes at most', async () => {
    expect(await signed('k1', `${origin}/oauth/token`, 300)).toBe(200);
    expect(await signed('k2', `${origin}/oauth/token`, 300)).toBe(401);
    expect(await signed('k1', origin, 300)).toBe(401);
    expect(await signed('k1', `${origin}/oauth/token`, 301)).toBe(401);
  });
});

describe('recordings', () => {
  const spoken = world.interactions.find(({ recordings }) => recordings.length > 0) as TalkdeskRecord;
  const id = spoken.recordings[0]?.id ?? '';
  const get = (path: string, settings = talkdeskDefaults, at = nowMs) =>
    ask(getRequest(path, '', tokenFor()), settings, at);

  it('are listed by call, whose id is the interaction with or without hyphens', () => {
    const { body } = get(`/calls/${spoken.id}/recordings`);
    expect(body).toMatchObject({ total: 1, count: 1, page: 1, per_page: 20 });
    expect(body._embedded.recordings[0]).toMatchObject({
      id,
      call_id: spoken.id.replaceAll('-', ''),
      index: 0,
      type: 'conversation',
      agents: { channel_1: [{ participant_type: 'AGENT' }], channel_2: [{ participant_type: 'CONTACT' }] },
      _links: { media: { href: `${origin}/recordings/${id}/media` } },
    });
    expect(get(`/calls/${spoken.id.replaceAll('-', '')}/recordings`).body.total).toBe(1);
    expect(get('/calls/unknown/recordings').status).toBe(404);
  });

  it('are an empty list or a 404 before they are ready', () => {
    const early = Math.ceil(spoken.visibleAtUs / 1_000);
    const waiting = {
      interactions: [{ ...spoken, recordings: spoken.recordings.map((one) => ({ ...one, atUs: nowMs * 2_000 })) }],
    };
    const request = getRequest(`/calls/${spoken.id}/recordings`, '', tokenFor());
    expect(read(answerTalkdesk(waiting, request, early)).body._embedded.recordings).toEqual([]);
    expect(answerTalkdesk(waiting, request, early, { ...talkdeskDefaults, notReady: 'notFound' }).status).toBe(404);
  });

  it('are read one by one under `recording`', () => {
    expect(get(`/recordings/${id}`).body).toMatchObject({ recording: { id, index: 0 }, _links: { media: {} } });
    expect(get('/recordings/unknown')).toMatchObject({ status: 404, body: { message: 'Not found' } });
  });

  it('have media as a redirect, a JSON link or bytes', () => {
    const bytes = get(`/recordings/${id}/media`, { ...talkdeskDefaults, media: 'bytes' });
    expect(bytes.headers['content-type']).toBe('audio/wav');
    const redirect = get(`/recordings/${id}/media`);
    expect(redirect.status).toBe(302);
    const json = get(`/recordings/${id}/media`, { ...talkdeskDefaults, media: 'json' });
    for (const href of [redirect.headers['location'], json.body._links.file.href]) {
      expect(Buffer.from(answerTalkdesk(world, { ...getRequest(''), url: href }, nowMs).body)).toEqual(
        Buffer.from(bytes.body),
      );
      const withToken = { ...getRequest('', '', tokenFor()), url: href };
      expect(answerTalkdesk(world, withToken, nowMs).status).toBe(400);
    }
  });
});

describe('the bytes of a recording', () => {
  const spoken = world.interactions.find(({ recordings }) => recordings.length > 0) as TalkdeskRecord;
  const recording = spoken.recordings[0] as TalkdeskRecording;
  const get = (path: string, change: Partial<TalkdeskRecord>, headers: Record<string, string> = {}) => {
    const request = getRequest(path, '', tokenFor());
    const changed = { interactions: [{ ...spoken, ...change }] };
    const settings = { ...talkdeskDefaults, media: 'bytes' as const };
    return answerTalkdesk(changed, { ...request, headers: { ...request.headers, ...headers } }, nowMs, settings);
  };
  const media = `/recordings/${recording.id}/media`;

  it('come in part, under the version that they are of', () => {
    const whole = get(media, {});
    const part = get(media, {}, { range: 'bytes=44-99', 'if-range': whole.headers['etag'] ?? '' });
    expect(part.status).toBe(206);
    expect(Buffer.from(part.body)).toEqual(Buffer.from(whole.body).subarray(44, 100));
    expect(whole.headers['last-modified']).toBe(new Date(recording.atUs / 1_000).toUTCString());
  });

  it('may be many more than are held in memory', () => {
    const long = { recordings: [{ ...recording, bytes: 2 ** 30 }] };
    expect(get(media, long).stream?.length).toBe(2 ** 30);
    expect(get(media, long, { range: 'bytes=-10' }).headers['content-range']).toBe(
      `bytes ${2 ** 30 - 10}-${2 ** 30 - 1}/${2 ** 30}`,
    );
  });

  it('are refused with a 403, and gone with a 404, wherever they are asked for', () => {
    for (const path of [`/calls/${spoken.id}/recordings`, `/recordings/${recording.id}`, media]) {
      expect(get(path, { forbidden: true }).status).toBe(403);
    }
    const gone = { recordings: [{ ...recording, deletedAtUs: nowMs * 1_000 }] };
    expect(get(media, gone).status).toBe(404);
    expect(read(get(`/calls/${spoken.id}/recordings`, gone)).body.total).toBe(0);
    const link = signedLink(origin, `/files/${recording.id}.wav`, nowMs + 1, talkdeskDefaults.clientSecret);
    const follow = (interaction: TalkdeskRecord) =>
      answerTalkdesk({ interactions: [interaction] }, { ...getRequest(''), url: link }, nowMs).status;
    expect([follow(spoken), follow({ ...spoken, ...gone })]).toEqual([200, 404]);
  });
});

describe('the optional rate limit', () => {
  const run = (retryAfter?: string) => {
    let now = nowMs;
    const rateLimit = { perSecond: 2, ...(retryAfter === undefined ? {} : { retryAfter }) };
    const fake = fakeTalkdesk({ world, now: () => now, rateLimit });
    const get = () => fake.handle(getRequest(list, '', tokenFor()));
    const answers = [get(), get(), get()];
    now += 1_000;
    return [...answers, get()];
  };

  it('is a 429 for the third request of a second', () => {
    expect(run().map(({ status }) => status)).toEqual([200, 200, 429, 200]);
    expect(run()[2]?.headers).not.toHaveProperty('retry-after');
    expect(run('1')[2]?.headers['retry-after']).toBe('1');
  });
});
