import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { type Connection, connectionSchema } from '#shared/domain/connections.ts';
import { createTokenCache } from '#shared/http/oauth.ts';
import type { SessionOptions } from '#shared/ingest/session.ts';
import type { Connector } from '#shared/providers/connector.ts';
import { documentsOver } from '#shared/storage/document-client.ts';
import { type TestDynamodb, testDynamodb } from '#test/support/dynamodb.ts';
import { type Loopback, loopback } from '#test/support/loopback.ts';
import { virtualClock } from '#test/support/virtual-clock.ts';

export type Reply = { status?: number; headers?: Record<string, string>; body?: unknown };
type Asked = { method: string; url: string; authorization: string | undefined };

let db: TestDynamodb;
let provider: Loopback;
let connections = 0;

/** One provider that notes what it is asked and answers as the test says, with what its account's secrets hold. */
export const account = {
  asked: [] as Asked[],
  reply: (_request: Asked): Reply => ({}),
  secrets: {} as Record<string, string>,
  /** each reading of a secret: whether it went past the cache */
  secretReads: [] as boolean[],
  url: (): string => provider.url,
};

/** To be called once by a test file: opens all this before its tests and closes it behind them. */
export function setUpSessionAccount(): void {
  beforeAll(async () => {
    db = await testDynamodb();
    provider = await loopback((request, response) => {
      const seen = {
        method: request.method ?? '',
        url: request.url ?? '',
        authorization: request.headers.authorization,
      };
      account.asked.push(seen);
      const { status = 200, headers = {}, body = { ok: true } } = account.reply(seen);
      response.sendDate = false;
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
    });
  });
  afterAll(() => Promise.all([db.close(), provider.close()]));
  beforeEach(() => {
    account.asked = [];
    account.secretReads = [];
    account.secrets = { app: JSON.stringify({ clientId: 'app', clientSecret: 'canary-secret' }) };
    account.reply = ({ url }) =>
      url.includes('/token') ? { body: { access_token: `canary-${account.asked.length}`, expires_in: 3_600 } } : {};
  });
  afterEach(() => {
    expect(JSON.stringify(paths())).not.toContain('canary');
  });
}

export const connector: Connector = {
  provider: 'salesloft',
  mapper: 1,
  promised: [],
  rateLimit: { perMinute: 100 },
  recordsSince: null,
  baseUrl: () => null,
  auth: { kind: 'clientCredentials', tokenUrl: () => null, scope: null },
  readBudget: (headers) => ({
    ...(headers['x-cost'] !== undefined && { cost: Number(headers['x-cost']) }),
    ...(headers['x-left'] !== undefined && { remainingMinute: Number(headers['x-left']) }),
  }),
  streams: [],
  webhook: { hints: () => [] },
};

/** A connection of its own, so that no test shares a budget with another. */
export const connect = (more: Record<string, unknown> = {}): Connection =>
  connectionSchema.parse({
    id: `account-${++connections}`,
    provider: 'salesloft',
    baseUrl: `${account.url()}/v2/`,
    tokenUrl: `${account.url()}/token`,
    credentials: { secret: 'app' },
    ...more,
  });

export const options = (): SessionOptions & { clock: ReturnType<typeof virtualClock> } => {
  const clock = virtualClock();
  const read = async (name: string, { fresh = false } = {}): Promise<string> => {
    account.secretReads.push(fresh);
    const value = account.secrets[name];
    if (value === undefined) throw Object.assign(new Error('no'), { name: 'ResourceNotFoundException' });
    return value;
  };
  return {
    store: { documents: documentsOver(db.client), table: db.table },
    secrets: { read },
    tokens: createTokenCache(clock),
    clock,
  };
};

/** The error, in which no secret may stand. */
export const caught = async (promise: Promise<unknown>): Promise<Error> => {
  const error = await promise.then(
    () => expect.fail('no error'),
    (thrown) => thrown,
  );
  expect(`${error.message} ${error.stack} ${JSON.stringify(error)}`).not.toMatch(/canary|Basic|Bearer/);
  return error;
};
export const paths = (): string[] => account.asked.map(({ method, url }) => `${method} ${url}`);
