import { describe, expect, it } from 'vitest';
import { answerSalesloft } from '#infra/local/fakes/salesloft/answer.ts';
import { inventSalesloftWorld } from '#infra/local/fakes/salesloft/invent.ts';
import { salesloftDefaults } from '#infra/local/fakes/salesloft/settings.ts';
import { fakeSalesloft } from '#infra/local/fakes/salesloft/start.ts';
import { basic, formRequest, getRequest, origin, read } from './asking.ts';

const nowMs = Date.parse('2026-03-02T09:00:10.250Z');
const world = inventSalesloftWorld('access', nowMs - 3_600_000, nowMs, 3);
const { clientId, clientSecret, apiKey } = salesloftDefaults;
const grant = { grant_type: 'client_credentials' };
const ask = (request: Parameters<typeof answerSalesloft>[1], at = nowMs, settings = salesloftDefaults) =>
  read(answerSalesloft(world, request, at, settings));

describe('tokens', () => {
  it('come for client credentials by Basic, in a form and in JSON, for 7200 s, without a refresh token', () => {
    const inJson = {
      ...formRequest({}),
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...grant, client_id: clientId, client_secret: clientSecret }),
    };
    for (const request of [
      formRequest(grant, { authorization: basic(clientId, clientSecret) }),
      formRequest({ ...grant, client_id: clientId, client_secret: clientSecret }),
      inJson,
    ]) {
      const { status, body } = ask(request);
      expect(status).toBe(200);
      expect(body).toEqual({
        access_token: expect.any(String),
        token_type: 'Bearer',
        expires_in: 7200,
        scope: 'conversations:read',
        created_at: Math.floor(nowMs / 1_000),
      });
    }
  });

  it('open the API until they expire', () => {
    const token = ask(formRequest(grant, { authorization: basic(clientId, clientSecret) })).body.access_token;
    expect(ask(getRequest('/v2/conversations', '', token), nowMs + 7_199_999).status).toBe(200);
    expect(ask(getRequest('/v2/conversations', '', token), nowMs + 7_200_000).status).toBe(401);
    expect(ask(getRequest('/v2/conversations', '', `${token}0`)).status).toBe(401);
  });

  it('are refused to a wrong client, another grant and a scope not granted', () => {
    expect(ask(formRequest(grant, { authorization: basic(clientId, 'wrong') }))).toMatchObject({
      status: 401,
      body: { error: 'invalid_client', error_description: expect.any(String) },
    });
    expect(ask(formRequest({ grant_type: 'password' })).status).toBe(400);
    const greedy = formRequest({ ...grant, scope: 'everything' }, { authorization: basic(clientId, clientSecret) });
    expect(ask(greedy).body.error).toBe('invalid_scope');
  });
});

describe('access', () => {
  it('takes an API key', () => {
    expect(ask(getRequest('/v2/conversations', '', apiKey)).status).toBe(200);
  });

  it('answers 401 as documented without a token', () => {
    const { status, body } = ask(getRequest('/v2/conversations'));
    expect(status).toBe(401);
    expect(body.error).toMatch(/^No Bearer Token attached to request, /);
  });

  it('answers 403 without the scope', () => {
    const settings = { ...salesloftDefaults, scopes: ['people:read'] };
    expect(ask(getRequest('/v2/conversations', '', apiKey), nowMs, settings).status).toBe(403);
  });
});

describe('the budget', () => {
  const started = (budgetPerMinute?: number) => {
    let now = nowMs;
    const fake = fakeSalesloft({
      world,
      now: () => now,
      ...(budgetPerMinute === undefined ? {} : { budgetPerMinute }),
    });
    const get = (page: number) => read(fake.handle(getRequest('/v2/conversations', `page=${page}`, apiKey)));
    return { fake, get, at: (ms: number) => (now = ms) };
  };

  it.each([
    [1, 1],
    [100, 1],
    [101, 3],
    [150, 3],
    [151, 8],
    [250, 8],
    [251, 10],
    [500, 10],
    [501, 30],
  ])('charges for page %i a cost of %i', (page, cost) => {
    const { get } = started();
    expect(get(page).headers).toMatchObject({
      'x-ratelimit-endpoint-cost': String(cost),
      'x-ratelimit-remaining-minute': String(600 - cost),
    });
  });

  it('answers 429 when spent, and is full at the next minute of the given clock', () => {
    const { fake, get, at } = started(31);
    expect([get(501), get(501), get(1), get(1)].map(({ status }) => status)).toEqual([200, 429, 200, 429]);
    expect(get(1).headers).toMatchObject({ 'x-ratelimit-remaining-minute': '0' });
    expect(get(1).headers).not.toHaveProperty('retry-after');
    at(Date.parse('2026-03-02T09:00:59.999Z'));
    expect(get(1).status).toBe(429);
    at(Date.parse('2026-03-02T09:01:00Z'));
    expect(get(1).status).toBe(200);
    expect(fake.requests).toMatchObject({ total: 8, cost: 32 });
  });

  it('is not touched by token requests and unknown callers', () => {
    const { fake, get } = started();
    fake.handle(formRequest(grant, { authorization: basic(clientId, clientSecret) }));
    fake.handle(getRequest('/v2/conversations'));
    expect(get(1).headers['x-ratelimit-remaining-minute']).toBe('599');
  });

  it('dates every answer by the given clock', () => {
    expect(started().get(1).headers['date']).toBe('Mon, 02 Mar 2026 09:00:10 GMT');
  });
});

it('answers 404 elsewhere', () => {
  expect(ask(getRequest('/v2/people', '', apiKey)).status).toBe(404);
  expect(ask({ ...getRequest('/v2/conversations', '', apiKey), method: 'DELETE' }).status).toBe(404);
  expect(ask({ ...getRequest('', '', apiKey), url: `${origin}/v1/conversations` }).status).toBe(404);
});
