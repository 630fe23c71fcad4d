import { announcementsIn } from '#shared/domain/announcements.ts';
import type { Connection } from '#shared/domain/connections.ts';
import { ConfigInvalid, ResponseInvalid } from '#shared/domain/errors.ts';
import type { Clock } from '#shared/http/clock.ts';
import type { TokenCache } from '#shared/http/oauth.ts';
import type { HttpLimits, HttpRequest } from '#shared/http/request.ts';
import { requestJson } from '#shared/http/request-json.ts';
import type { Connector, JsonAnswer, Session } from '#shared/providers/connector.ts';
import type { BudgetLane } from '#shared/storage/budget-share.ts';
import type { Store } from '#shared/storage/document-client.ts';
import type { Secrets } from '#shared/storage/secrets.ts';
import { openAuthorization } from './authorization.ts';
import type { AccountSession, AccountWay } from './media-session.ts';
import type { Patience } from './patience.ts';
import { openPaying, type Usage } from './paying.ts';

/**
 * Who the session works with; `tokens` is the process's cache, `lane` the first lane (live). `announced` gathers what the
 * provider announces of its addresses, as drift paths.
 */
export type SessionOptions = {
  store: Pick<Store, 'documents' | 'table'>;
  secrets: Secrets;
  tokens: TokenCache;
  clock: Clock;
  lane?: BudgetLane;
  limits?: Partial<HttpLimits>;
  announced?: Set<string>;
};

export type RunSession = AccountSession &
  Session & {
    /**
     * in whose share of the budget further requests fall; with patience they wait where it is spent, without it they
     * throw RateLimited
     */
    setLane: (lane: BudgetLane, patience?: Patience) => void;
    usage: () => Usage;
  };

/**
 * The authorised, budgeted way to one account's API for one run. Throws CredentialsRejected where the secret holds none
 * and ConfigInvalid where the connection lacks its address.
 */
export async function openSession(
  connection: Connection,
  connector: Connector,
  { store, secrets, tokens, clock, lane = 'live', limits = {}, announced }: SessionOptions,
): Promise<RunSession> {
  const baseUrl = baseUrlOf(connection, connector);
  const authorization = await openAuthorization(connection, connector.auth, secrets, tokens);
  const paying = openPaying(store, connection, connector, clock);
  paying.setLane(lane, null);

  /** Authorised and paid for: what every request into the account's API goes through. */
  const through = <T>(url: URL, cost: number, send: (way: AccountWay) => Promise<T>): Promise<T> =>
    paying.run(cost, (hooks) =>
      authorization.run((token) => {
        const headers = { authorization: `Bearer ${token}`, ...(connector.accept && { accept: connector.accept }) };
        return send({ url, headers, ...hooks });
      }),
    );

  type Question = Pick<HttpRequest, 'method' | 'url' | 'body' | 'repeatable'>;
  const ask = async (path: string, question: Question, cost: number): Promise<JsonAnswer> => {
    const answer = await through(question.url, cost, ({ headers, ...way }) => {
      const type: Record<string, string> = question.body === undefined ? {} : { 'content-type': 'application/json' };
      return requestJson({ ...question, ...way, headers: { ...headers, ...type }, limits }, clock);
    });
    for (const announcement of announcementsIn(answer.headers, path)) announced?.add(announcement);
    return answer;
  };

  return {
    connection,
    baseUrl,
    now: clock.now,
    getJson: async (path, query = [], cost = 1) =>
      ask(path, { method: 'GET', url: urlUnder(baseUrl, path, query) }, cost),
    postJson: async (path, body, cost = 1) => {
      const url = urlUnder(baseUrl, path, []);
      return ask(path, { method: 'POST', url, body: JSON.stringify(body), repeatable: true }, cost);
    },
    through: async (path, cost, send) => through(urlUnder(baseUrl, path, []), cost, send),
    setLane: (next, patience) => paying.setLane(next, patience ?? null),
    usage: paying.usage,
  };
}

function baseUrlOf(connection: Connection, connector: Connector): string {
  const baseUrl = connection.baseUrl ?? connector.baseUrl(connection);
  if (baseUrl === null) throw new ConfigInvalid([`connection ${connection.id}: expected a baseUrl`]);
  return baseUrl.replace(/\/+$/, '');
}

/** Credentials go to the connection's own origin only, whatever a provider's link or id says. */
function urlUnder(baseUrl: string, path: string, query: readonly (readonly [string, string])[]): URL {
  const url = path.startsWith('/') ? URL.parse(baseUrl + path) : null;
  if (url === null || url.origin !== new URL(baseUrl).origin || url.username !== '') {
    throw new ResponseInvalid(`${new URL(baseUrl).host}: a path that leaves the account's own address`);
  }
  for (const [name, value] of query) url.searchParams.append(name, value);
  return url;
}
