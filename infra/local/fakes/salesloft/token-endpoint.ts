import type { FakeAnswer, FakeRequest } from '../exchange.ts';
import { bodyParameters, jsonAnswer } from '../exchange.ts';
import { bearerOf, clientOf, grantToken, readToken } from '../token.ts';
import type { SalesloftSettings } from './settings.ts';

/** POST /oauth/token by client credentials: no refresh token, one just asks again. */
export function answerToken(request: FakeRequest, nowMs: number, settings: SalesloftSettings): FakeAnswer {
  const body = bodyParameters(request);
  if (body.get('grant_type') !== 'client_credentials') {
    return jsonAnswer(400, { error: 'unsupported_grant_type', error_description: 'only client_credentials here' });
  }
  const client = clientOf(request);
  if (client?.clientId !== settings.clientId || client.clientSecret !== settings.clientSecret) {
    return jsonAnswer(401, { error: 'invalid_client', error_description: 'Client authentication failed' });
  }
  const scopes = body.get('scope')?.split(' ').filter(Boolean) ?? settings.scopes;
  if (!scopes.every((scope) => settings.scopes.includes(scope))) {
    return jsonAnswer(400, { error: 'invalid_scope', error_description: 'The requested scope is not granted' });
  }
  return jsonAnswer(200, { ...grantToken(scopes, nowMs, settings), created_at: Math.floor(nowMs / 1_000) });
}

/** The 401 or 403 that a request earns, undefined for one that may pass. */
export function refusalOf(request: FakeRequest, nowMs: number, settings: SalesloftSettings): FakeAnswer | undefined {
  const token = bearerOf(request);
  if (token === undefined) {
    return jsonAnswer(401, { error: 'No Bearer Token attached to request, add an Authorization header' });
  }
  const scopes = token === settings.apiKey ? settings.scopes : readToken(token, settings.clientSecret, nowMs)?.scopes;
  if (scopes === undefined) return jsonAnswer(401, { error: 'Invalid Bearer token' });
  if (scopes.includes('conversations:read')) return undefined;
  return jsonAnswer(403, { error: 'Missing scope conversations:read' });
}
