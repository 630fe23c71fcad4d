import type { FakeAnswer, FakeRequest } from '#infra/local/fakes/exchange.ts';
import { answerSalesloft } from '#infra/local/fakes/salesloft/answer.ts';
import { costOf } from '#infra/local/fakes/salesloft/budget.ts';
import { salesloftDefaults } from '#infra/local/fakes/salesloft/settings.ts';
import type { SalesloftWorld } from '#infra/local/fakes/salesloft/world.ts';
import { answerTalkdesk } from '#infra/local/fakes/talkdesk/answer.ts';
import { type TalkdeskSettings, talkdeskDefaults } from '#infra/local/fakes/talkdesk/settings.ts';
import type { TalkdeskWorld } from '#infra/local/fakes/talkdesk/world.ts';
import { issueToken } from '#infra/local/fakes/token.ts';
import { connectionSchema } from '#shared/domain/connections.ts';
import { parseJson } from '#shared/http/parse-json.ts';
import { statusError } from '#shared/http/status-error.ts';
import type { JsonAnswer, Session } from '#shared/providers/connector.ts';
import { findConnector } from '#shared/providers/registry.ts';

/** What a connector asked: the path with its query, the body, what it said that it costs, and what it really cost. */
export type Asked = { url: URL; body: string; stated: number; real: number };

export type FakeSession = Session & { asked: Asked[] };

type Respond = (request: FakeRequest) => FakeAnswer;
/** Misbehaviour between provider and connector. */
export type Tamper = (request: FakeRequest, respond: Respond) => FakeAnswer;

type SessionOptions = {
  provider: string;
  /** as its connector has it, where it is not in the registry */
  accept?: string | undefined;
  baseUrl: string;
  token: string;
  now: () => number;
  respond: Respond;
};

/** A session without network, budget or tokens, over anything that answers. Errors are those of the real one. */
export function fakeSession({ provider, baseUrl, token, now, respond, ...given }: SessionOptions): FakeSession {
  const accept = given.accept ?? findConnector(provider)?.accept;
  const asked: Asked[] = [];
  return {
    connection: connectionSchema.parse({ id: 'acme', provider, credentials: { token: 't' } }),
    baseUrl,
    asked,
    now,
    getJson: (path, query = [], stated = 1) => {
      const url = new URL(baseUrl + path);
      for (const [name, value] of query) url.searchParams.append(name, value);
      return ask(url, { method: 'GET', headers: {}, body: '' }, stated);
    },
    postJson: (path, body, stated = 1) => {
      const headers = { 'content-type': 'application/json' };
      return ask(new URL(baseUrl + path), { method: 'POST', headers, body: JSON.stringify(body) }, stated);
    },
  };
  async function ask(url: URL, { headers, ...rest }: Omit<FakeRequest, 'url'>, stated: number): Promise<JsonAnswer> {
    const request = {
      ...rest,
      url: url.href,
      headers: { authorization: `Bearer ${token}`, ...(accept && { accept }), ...headers },
    };
    asked.push({ url, body: rest.body, stated, real: costOf(request) });
    const sentAt = now();
    const answer = respond(request);
    const body = Buffer.from(answer.body);
    const error = statusError('fake', {
      status: answer.status,
      headers: answer.headers,
      body,
      sentAt,
      servedAt: sentAt,
    });
    if (error) throw error;
    return { body: parseJson(body, 'fake'), headers: answer.headers, servedAt: sentAt, sentAt };
  }
}

const straight: Tamper = (request, respond) => respond(request);

export const salesloftSession = (world: SalesloftWorld, now: () => number, tamper: Tamper = straight): FakeSession =>
  fakeSession({
    provider: 'salesloft',
    baseUrl: 'https://api.salesloft.com/v2',
    token: salesloftDefaults.apiKey,
    now,
    respond: (request) => tamper(request, (asked) => answerSalesloft(world, asked, now())),
  });

export function talkdeskSession(
  world: TalkdeskWorld,
  now: () => number,
  { settings = {}, tamper = straight }: { settings?: Partial<TalkdeskSettings>; tamper?: Tamper } = {},
): FakeSession {
  const full = { ...talkdeskDefaults, ...settings };
  const claims = { expiresAtMs: Number.MAX_SAFE_INTEGER, scopes: ['interactions-public:read', 'recordings:read'] };
  return fakeSession({
    provider: 'talkdesk',
    baseUrl: 'https://api.talkdeskapp.com',
    token: issueToken(claims, full.clientSecret),
    now,
    respond: (request) => tamper(request, (asked) => answerTalkdesk(world, asked, now(), full)),
  });
}
