import type { FakeAnswer, FakeRequest } from '../exchange.ts';
import { bearerOf, readToken } from '../token.ts';
import { apiError, versionError } from './error.ts';
import type { VonageSettings } from './settings.ts';

/** Interaction Content answers version 1 to few accounts only, so it is refused here. */
const versions = { 'interaction-content': [2, 3], 'conversation-analyzer': [1, 2, 3] };

export type VonageApi = keyof typeof versions;

export const isApi = (name: string | undefined): name is VonageApi =>
  name !== undefined && Object.hasOwn(versions, name);

/** The version of the API that a request asks for in its `Accept`, or the answer that it earns without one. */
export function versionOf(request: FakeRequest, api: VonageApi): number | FakeAnswer {
  const accepted = /^application\/vnd\.newvoicemedia\.v(\d+)\+json$/.exec(request.headers['accept'] ?? '');
  if (!accepted) return versionError('ApiVersionUnspecified');
  const version = Number(accepted[1]);
  return versions[api].includes(version) ? version : versionError('UnsupportedApiVersion');
}

/** The 401 or 403 that a request earns, undefined for one that may pass. */
export function refusalOf(request: FakeRequest, nowMs: number, settings: VonageSettings): FakeAnswer | undefined {
  const token = bearerOf(request);
  const claims = token === undefined ? undefined : readToken(token, settings.clientSecret, nowMs);
  if (claims === undefined) return apiError(401);
  return claims.scopes.includes('interaction-content:read') ? undefined : apiError(403);
}
