import type { FakeAnswer, FakeRequest } from '../exchange.ts';
import { bodyParameters, jsonAnswer } from '../exchange.ts';
import { bearerOf, clientOf, grantToken, readToken } from '../token.ts';
import { assertionType, isAssertionGood } from './client-assertion.ts';
import { apiError } from './error.ts';
import type { TalkdeskSettings } from './settings.ts';

/** POST /oauth/token: Basic, secret in the form, or a signed assertion. Without `scope` every granted one comes. */
export function answerToken(request: FakeRequest, nowMs: number, settings: TalkdeskSettings): FakeAnswer {
  const form = bodyParameters(request);
  if (!(request.headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded')) {
    return oauthError(400, 'invalid_request');
  }
  if (form.get('grant_type') !== 'client_credentials') return oauthError(400, 'unsupported_grant_type');
  if (!isKnown(request, nowMs, settings)) return oauthError(401, 'invalid_client');
  const scopes = form.get('scope')?.split(' ').filter(Boolean) ?? settings.scopes;
  if (!scopes.every((scope) => settings.scopes.includes(scope))) return oauthError(400, 'invalid_scope');
  return jsonAnswer(200, grantToken(scopes, nowMs, settings));
}

/** The 401 or 403 that a request earns, undefined for one that may pass. */
export function refusalOf(
  request: FakeRequest,
  scope: string,
  nowMs: number,
  settings: TalkdeskSettings,
): FakeAnswer | undefined {
  const token = bearerOf(request);
  const claims = token === undefined ? undefined : readToken(token, settings.clientSecret, nowMs);
  if (claims === undefined) return apiError(401);
  return claims.scopes.includes(scope) ? undefined : apiError(403);
}

function isKnown(request: FakeRequest, nowMs: number, settings: TalkdeskSettings): boolean {
  const form = bodyParameters(request);
  if (form.get('client_assertion_type') === assertionType) {
    return isAssertionGood(form.get('client_assertion') ?? '', request.url, nowMs, settings);
  }
  const client = clientOf(request);
  return client?.clientId === settings.clientId && client.clientSecret === settings.clientSecret;
}

/** Another shape than the API's errors. */
function oauthError(status: number, error: string): FakeAnswer {
  return jsonAnswer(status, { error, error_description: 'The token request was refused' });
}
