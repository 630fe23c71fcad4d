import { connectionSchema } from '#shared/domain/connections.ts';
import { parseJson } from '#shared/http/parse-json.ts';
import { statusError } from '#shared/http/status-error.ts';
import type { Connector, FileReference, JsonAnswer, Session } from '#shared/providers/connector.ts';
import type { HttpAnswer, HttpCall, TestLookup } from './lookup-harness.ts';

/** A connector pointed at the lookup itself: what a client written for the provider sees there. */
export type DialectSession = Session & {
  /** the addresses that were asked for, in order */
  asked: readonly string[];
  /** the bytes of a file, wherever the connector finds them; null where it finds none */
  bytes: (reference: FileReference) => Promise<HttpAnswer | null>;
};

export type DialectAccess = {
  token: string;
  now: () => number;
  /** what the provider's base address has behind the host */
  root?: string;
};

const host = 'earshot.example';

/** A session without network over the real handler. Errors are those of the real one. */
export function dialectSession(
  lookup: TestLookup,
  connector: Connector,
  { token, now, root = '' }: DialectAccess,
): DialectSession {
  const asked: string[] = [];
  const { provider, accept } = connector;
  const bearer = { authorization: `Bearer ${token}` };
  const ask = (target: string, { headers = {}, ...call }: HttpCall): Promise<HttpAnswer> => {
    asked.push(target);
    return lookup.call(target, { ...call, headers: { host, ...headers } });
  };
  const askJson = async (target: string, call: HttpCall): Promise<JsonAnswer> => {
    const headers = { accept: accept ?? 'application/json', ...bearer, ...call.headers };
    const sentAt = now();
    const answer = await ask(target, { ...call, headers });
    const seen = { status: answer.status, headers: answer.headers, body: answer.bytes, sentAt, servedAt: sentAt };
    const error = statusError('dialect', seen);
    if (error) throw error;
    return { body: parseJson(answer.bytes, 'dialect'), headers: answer.headers, servedAt: sentAt, sentAt };
  };
  const session: Session = {
    connection: connectionSchema.parse({ id: 'copy', provider, credentials: { token: 't' } }),
    baseUrl: `http://${host}${root}`,
    now,
    getJson: (path, query = []) => askJson(`${root}${path}${queryText(query)}`, {}),
    postJson: (path, body) =>
      askJson(root + path, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
  };
  const bytes = async (reference: FileReference): Promise<HttpAnswer | null> => {
    const source = await connector.media?.locate(session, reference);
    if (source?.from === 'link') return ask(pathOf(source.href), {});
    if (source?.from !== 'account') return null;
    const answer = await ask(root + source.path, { headers: { accept: accept ?? '*/*', ...bearer } });
    const href = answer.headers['content-type'] === 'application/json' ? source.link?.(answer.json()) : null;
    return href ? ask(pathOf(href), {}) : answer;
  };
  return { ...session, asked, bytes };
}

function queryText(query: readonly (readonly [string, string])[]): string {
  const text = query.map((pair) => pair.map(encodeURIComponent).join('=')).join('&');
  return text === '' ? '' : `?${text}`;
}

/** Path and query of a link to ourselves; whoever follows it sends no token. */
const pathOf = (href: string): string => href.replace(`http://${host}`, '');
