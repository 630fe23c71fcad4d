import { signal } from '@preact/signals';

/** What a caller may do; the page shows nothing that it may not. */
export type Capability = 'records' | 'content' | 'media' | 'operations';

/** Who is signed in. It is kept in memory alone: a reload of the page forgets it. */
export type Session = {
  token: string;
  can: ReadonlySet<Capability>;
  /** a new token by the same credentials; null where a token was given by hand */
  renew: (() => Promise<Session>) | null;
};

export const session = signal<Session | null>(null);

/** Why nobody is signed in any more, said above the form; null at first. */
export const ended = signal<string | null>(null);

export const can = (capability: Capability): boolean => session.value?.can.has(capability) ?? false;

/** Forgets who was signed in. */
export function signOut(reason: string | null = null): void {
  session.value = null;
  ended.value = reason;
}

/** Why a sign-in was refused, in words for who tried. */
export class SignInRefused extends Error {
  override readonly name = 'SignInRefused';
}

/** What scopes allow, as the lookup has it: a test holds the two together. */
export const granted: Readonly<Record<string, readonly Capability[]>> = {
  'conversations:read': ['records'],
  'interaction-content:read': ['records', 'content', 'media'],
  'operations:write': ['operations'],
  'interactions-public:read': ['records', 'content'],
  'recordings:read': ['media'],
};

type TokenAnswer = { access_token?: unknown; scope?: unknown; error_description?: unknown };

/** By the client's id and secret. Throws SignInRefused. */
export async function byCredentials(clientId: string, clientSecret: string): Promise<Session> {
  const form = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret };
  const answer = await reach('/oauth/token', { method: 'POST', body: new URLSearchParams(form) });
  const said = (await answer.json().catch(() => ({}))) as TokenAnswer;
  if (!answer.ok) throw new SignInRefused(refusal(answer.status, said.error_description));
  const can = String(said.scope)
    .split(' ')
    .flatMap((scope) => granted[scope] ?? []);
  return { token: String(said.access_token), can: new Set(can), renew: () => byCredentials(clientId, clientSecret) };
}

/** What shows whether a token may do a thing: a 403 says no, anything else is about what was asked for. */
const probes: readonly (readonly [Capability, method: string, path: string])[] = [
  ['records', 'GET', '/v1/conversations/none/history'],
  ['content', 'GET', '/v1/conversations/none/transcript'],
  ['media', 'POST', '/v1/conversations/none/media/none/link'],
  ['operations', 'GET', '/v1/replays/none'],
];

/** By a token that somebody has. Throws SignInRefused. */
export async function byToken(token: string): Promise<Session> {
  const asked = probes.map(async ([capability, method, path]) => {
    const { status } = await reach(path, { method, headers: { authorization: `Bearer ${token}` } });
    if (status === 401 || status >= 500) throw new SignInRefused(refusal(status, 'the token is not valid'));
    return status === 403 ? [] : [capability];
  });
  return { token, can: new Set((await Promise.all(asked)).flat()), renew: null };
}

const refusal = (status: number, said: unknown): string => {
  if (status >= 500) return 'Earshot does not answer properly now. Try again in a moment.';
  const reason = typeof said === 'string' && said !== '' ? said : 'the credentials are not known here';
  return `Sign-in refused: ${reason}.`;
};

async function reach(path: string, init: RequestInit): Promise<Response> {
  try {
    // With credentials of its own a browser would ask for a name and a password where the answer is a 401.
    return await fetch(path, { ...init, credentials: 'omit' });
  } catch {
    throw new SignInRefused('Earshot cannot be reached. Check the connection and try again.');
  }
}
