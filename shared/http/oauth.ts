import * as z from 'zod';
import {
  AppError,
  CredentialsRejected,
  NotAtProvider,
  PermissionMissing,
  RequestRejected,
  ResponseInvalid,
} from '#shared/domain/errors.ts';
import { clientAssertion, type KeyCredentials } from './client-assertion.ts';
import type { Clock } from './clock.ts';
import type { HttpRequest } from './request.ts';
import { requestJson } from './request-json.ts';

export type ClientCredentials = { clientId: string; clientSecret: string } | KeyCredentials;

/** Whose token is asked for, where. */
export type TokenRequest = { tokenUrl: string; scope: string | null; credentials: ClientCredentials };

/** Access tokens kept in memory, for as long as the process lives. */
export type TokenCache = {
  /** A valid token: the kept one, or a new one; many callers at once make one request. */
  bearer: (request: TokenRequest) => Promise<string>;
  /** Forgets this token (the provider refused it), unless another has taken its place already. */
  drop: (request: TokenRequest, token: string) => void;
};

type Entry = { token: Promise<string>; value: string | null; renewAt: number };

/**
 * One cache a process, made by whoever owns the process: a run that was cut off in the middle of asking leaves a
 * promise behind that never settles, and nobody else may wait for it.
 */
export function createTokenCache(clock: Clock): TokenCache {
  const entries = new Map<string, Entry>();
  const keyOf = (request: TokenRequest): string =>
    JSON.stringify([request.tokenUrl, request.credentials.clientId, request.scope]);

  const fetchInto = async (entry: Entry, key: string, request: TokenRequest): Promise<string> => {
    try {
      const token = await fetchToken(request, clock);
      entry.value = token.value;
      entry.renewAt = token.renewAt;
      return token.value;
    } catch (error) {
      if (entries.get(key) === entry) entries.delete(key);
      throw error;
    }
  };

  return {
    bearer: (request) => {
      const key = keyOf(request);
      const held = entries.get(key);
      if (held && clock.now() < held.renewAt) return held.token;
      const entry: Entry = { token: Promise.resolve(''), value: null, renewAt: Number.POSITIVE_INFINITY };
      entries.set(key, entry);
      entry.token = fetchInto(entry, key, request);
      return entry.token;
    },
    drop: (request, token) => {
      const key = keyOf(request);
      if (entries.get(key)?.value === token) entries.delete(key);
    },
  };
}

const visibleAscii = /^[\x21-\x7e]+$/;

const tokenAnswerSchema = z.object({
  access_token: z.string().regex(visibleAscii),
  expires_in: z.coerce.number().positive().max(31_536_000).catch(3_600),
});

async function fetchToken(request: TokenRequest, clock: Clock): Promise<{ value: string; renewAt: number }> {
  const answer = await askForToken(request, clock);
  const parsed = tokenAnswerSchema.safeParse(answer.body);
  if (!parsed.success)
    throw new ResponseInvalid(`token request to ${new URL(request.tokenUrl).host}: no token in the answer`);
  const lifeMs = parsed.data.expires_in * 1_000;
  // A minute before the end or at 80 % of the life, but never before half of it: short-lived tokens must be usable.
  const usableMs = Math.max(Math.min(lifeMs * 0.8, lifeMs - 60_000), lifeMs / 2);
  return { value: parsed.data.access_token, renewAt: answer.sentAt + usableMs };
}

/**
 * Refusals become CredentialsRejected, and so does a token address that does not exist: a caller that reads a record
 * takes NotAtProvider and PermissionMissing as facts about that record.
 */
async function askForToken(request: TokenRequest, clock: Clock): ReturnType<typeof requestJson> {
  try {
    return await requestJson(await tokenPost(request, clock.now()), clock);
  } catch (error) {
    const refused =
      error instanceof CredentialsRejected ||
      error instanceof PermissionMissing ||
      error instanceof NotAtProvider ||
      (error instanceof RequestRejected && error.status === 400);
    if (refused && error instanceof AppError) throw new CredentialsRejected(`token request refused: ${error.message}`);
    throw error;
  }
}

async function tokenPost({ tokenUrl, scope, credentials }: TokenRequest, now: number): Promise<HttpRequest> {
  const form = new URLSearchParams({ grant_type: 'client_credentials' });
  if (scope !== null) form.set('scope', scope);
  const headers: Record<string, string> = { 'content-type': 'application/x-www-form-urlencoded' };
  if ('clientSecret' in credentials) {
    const pair = `${credentials.clientId}:${credentials.clientSecret}`;
    headers['authorization'] = `Basic ${Buffer.from(pair, 'utf8').toString('base64')}`;
  } else {
    form.set('client_id', credentials.clientId);
    form.set('client_assertion_type', 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer');
    form.set('client_assertion', await clientAssertion(credentials, tokenUrl, now));
  }
  // Asking twice for a token changes nothing at the provider, so faults may be repeated.
  return { method: 'POST', url: new URL(tokenUrl), headers, body: form.toString(), repeatable: true };
}
