import type { FakeAnswer, FakeRequest } from '../exchange.ts';
import { bodyParameters, jsonAnswer } from '../exchange.ts';
import { clientOf, grantToken } from '../token.ts';
import type { VonageSettings } from './settings.ts';

export const tokenPath = '/Auth/connect/token';

/** POST /Auth/connect/token: client credentials by Basic or in the form, with a scope that is named. */
export function answerToken(request: FakeRequest, nowMs: number, settings: VonageSettings): FakeAnswer {
  const form = bodyParameters(request);
  if (!(request.headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded')) {
    return oauthError(400, 'invalid_request');
  }
  if (form.get('grant_type') !== 'client_credentials') return oauthError(400, 'unsupported_grant_type');
  const client = clientOf(request);
  if (client?.clientId !== settings.clientId || client.clientSecret !== settings.clientSecret) {
    return oauthError(settings.wrongSecret, 'invalid_client');
  }
  const scopes = form.get('scope')?.split(' ').filter(Boolean) ?? [];
  if (scopes.length === 0 || !scopes.every((scope) => settings.scopes.includes(scope))) {
    return oauthError(400, 'invalid_scope');
  }
  const { scope: _scope, ...granted } = grantToken(scopes, nowMs, settings);
  return jsonAnswer(200, granted);
}

/** Another shape than the API's errors. */
function oauthError(status: number, error: string): FakeAnswer {
  return jsonAnswer(status, { error, error_description: 'The token request was refused' });
}
