import { Writable } from 'node:stream';
import type { Context, LambdaFunctionURLEvent } from 'aws-lambda';
import type * as z from 'zod';
import { type LookupSettings, openLookup } from '#functions/lookup/lookup.ts';
import type { connectionStateSchema } from '#functions/lookup/v1/connections.ts';
import { type ConnectionsFile, connectionsFileSchema } from '#shared/domain/connections.ts';
import type { Conversation } from '#shared/domain/conversation.ts';
import { CredentialsRejected } from '#shared/domain/errors.ts';
import type { Transcript } from '#shared/domain/transcript.ts';
import type { Store } from '#shared/storage/document-client.ts';
import type { Secrets } from '#shared/storage/secrets.ts';

/** The lookup function as Lambda runs it: the real handler over a store, called with Function URL events. */

type Prelude = { statusCode: number; headers: Record<string, string> };
type StreamingHandler = (event: unknown, stream: Writable, context: unknown) => Promise<void>;

// The global that Lambda's runtime gives to handlers that stream; middy asks for it when the handler is made.
const preludes = new WeakMap<Writable, Prelude>();
Object.assign(globalThis, {
  awslambda: {
    streamifyResponse: (handler: StreamingHandler) => handler,
    HttpResponseStream: { from: (stream: Writable, prelude: Prelude) => preludes.set(stream, prelude) && stream },
  },
});
const { serve } = await import('#functions/lookup/http/serve.ts');

type Shown = Conversation & { transcript: Transcript | null };
/** Every field that some answer has: a test reads those of the answer it asked for. */
type AnyBody = Shown &
  z.infer<typeof connectionStateSchema> & {
    conversations: Shown[];
    nextCursor: string | null;
    notFound: string[];
    connections: z.infer<typeof connectionStateSchema>[];
    code: string;
    fields: { name: string }[];
    access_token: string;
    error: string;
  };

export type HttpAnswer = {
  status: number;
  headers: Readonly<Record<string, string>>;
  text: string;
  bytes: Buffer;
  json: () => AnyBody;
};
export type HttpCall = { method?: string; headers?: Record<string, string>; body?: string; base64?: boolean };
export type TestLookup = {
  call: (target: string, options?: HttpCall) => Promise<HttpAnswer>;
  /** a GET with this bearer token */
  get: (target: string, token?: string, headers?: Record<string, string>) => Promise<HttpAnswer>;
  /** a token from the token endpoint */
  token: (clientId: string, scope?: string) => Promise<string>;
};

export const settleMs = 10_000;
export const secretValues: Readonly<Record<string, string>> = {
  'test/signing': 'signing secret of the tests',
  'test/crm': 'crm secret & more:=%',
  'test/all': 'token.with.dots',
};

/** A test's clock stands still, so that its requests are all of one minute. */
const perMinute = 100_000;

/** Secrets Manager before any rotation, without a cache. */
const plainSecrets: Secrets = {
  read: async (name, { stage = 'current' } = {}) => {
    const value = stage === 'current' ? secretValues[name] : undefined;
    if (value === undefined) throw new CredentialsRejected('no such secret');
    return value;
  },
};

export const connectionsFile: ConnectionsFile = connectionsFileSchema.parse({
  connections: [
    { id: 'support', provider: 'talkdesk', credentials: { secret: 'x' }, recheck: ['5m', '1h'] },
    { id: 'sales', provider: 'salesloft', credentials: { secret: 'x' } },
    { id: 'paused', provider: 'talkdesk', credentials: { secret: 'x' }, paused: true },
  ],
  clients: [
    { clientId: 'crm', clientSecret: { secret: 'test/crm' }, scopes: ['interaction-content:read', 'operations:write'] },
    { clientId: 'reader', clientSecret: 'r', scopes: ['conversations:read'] },
    { clientId: 'limited', clientSecret: 'l', scopes: ['interaction-content:read'], connections: ['support'] },
    { clientId: 'public', clientSecret: 'p', scopes: ['interactions-public:read'] },
    { clientId: 'recordings', clientSecret: 'm', scopes: ['recordings:read'] },
    { clientId: 'operator', clientSecret: 'o', scopes: ['operations:write'] },
    { token: { secret: 'test/all' }, scopes: ['interaction-content:read'] },
  ].map((client) => ({ ...client, perMinute })),
});

export function lookupOver(
  store: Store,
  clock: { now: number },
  file = connectionsFile,
  settle = settleMs,
  more: Partial<LookupSettings> = {},
): TestLookup {
  const now = () => clock.now;
  const documents = new URL('../../../docs/', import.meta.url);
  const page = new URL('../../support/page/', import.meta.url);
  const reads = { note: async () => {} };
  const secrets = { secrets: plainSecrets, signingSecret: 'test/signing' };
  const lookup = openLookup({
    file,
    store,
    ...secrets,
    settleMs: settle,
    recordsSince: {},
    reads,
    documents,
    page,
    now,
    ...more,
  });
  const handler = serve(lookup) as unknown as StreamingHandler;
  const call = (target: string, options: HttpCall = {}) => send(handler, target, options);
  return {
    call,
    get: (target, token, headers = {}) =>
      call(target, { headers: { ...headers, ...(token !== undefined && { authorization: `Bearer ${token}` }) } }),
    token: async (clientId, scope) => {
      const client = file.clients.find((one) => 'clientSecret' in one && one.clientId === clientId);
      const secret = client && 'clientSecret' in client ? client.clientSecret : '';
      const text = typeof secret === 'string' ? secret : (secretValues[secret.secret] ?? '');
      const form = {
        grant_type: 'client_credentials',
        client_id: clientId,
        client_secret: text,
        ...(scope && { scope }),
      };
      const answer = await call('/oauth/token', { method: 'POST', body: String(new URLSearchParams(form)) });
      return answer.json().access_token;
    },
  };
}

async function send(handler: StreamingHandler, target: string, options: HttpCall): Promise<HttpAnswer> {
  const chunks: Buffer[] = [];
  const stream = new Writable({
    write: (chunk, _, done) => {
      chunks.push(Buffer.from(chunk));
      done();
    },
  });
  await handler(eventOf(target, options), stream, {} as Context);
  const prelude = preludes.get(stream);
  const bytes = Buffer.concat(chunks);
  const text = bytes.toString('utf8');
  const { statusCode: status = 0, headers = {} } = prelude ?? {};
  return { status, headers, text, bytes, json: () => JSON.parse(text) };
}

function eventOf(
  target: string,
  { method = 'GET', headers = {}, body, base64 = false }: HttpCall,
): LambdaFunctionURLEvent {
  const [rawPath = '/', ...query] = target.split('?');
  const context = {
    ...{ accountId: '', apiId: '', domainName: '', domainPrefix: '', requestId: '', routeKey: '$default' },
    ...{ stage: '$default', time: '', timeEpoch: 0, authentication: null },
    http: { method, path: rawPath, protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: '' },
  };
  return {
    ...{ version: '2.0', routeKey: '$default', rawPath, rawQueryString: query.join('?'), headers },
    requestContext: context as unknown as LambdaFunctionURLEvent['requestContext'],
    ...(body !== undefined && { body: base64 ? Buffer.from(body).toString('base64') : body }),
    isBase64Encoded: base64,
  };
}
