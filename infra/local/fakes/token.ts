import { createHash } from 'node:crypto';
import type { FakeRequest } from './exchange.ts';
import { bodyParameters } from './exchange.ts';

/**
 * Access tokens that carry their own end and scopes, sealed by the client's secret: a fake needs no memory of what it
 * issued, and a restarted one still takes its old tokens.
 */
export type TokenClaims = { readonly expiresAtMs: number; readonly scopes: readonly string[] };

export function issueToken(claims: TokenClaims, secret: string): string {
  const payload = Buffer.from(JSON.stringify([claims.expiresAtMs, ...claims.scopes])).toString('base64url');
  return `at.${payload}.${seal(payload, secret)}`;
}

/** What an answer that grants a token holds by OAuth 2 itself; `settings` are the provider's. */
export function grantToken(
  scopes: readonly string[],
  nowMs: number,
  settings: { readonly tokenLifeSeconds: number; readonly clientSecret: string },
) {
  const expiresAtMs = nowMs + settings.tokenLifeSeconds * 1_000;
  return {
    access_token: issueToken({ expiresAtMs, scopes }, settings.clientSecret),
    token_type: 'Bearer',
    expires_in: settings.tokenLifeSeconds,
    scope: scopes.join(' '),
  };
}

/** Undefined for a token of another secret, a damaged or an expired one. */
export function readToken(token: string, secret: string, nowMs: number): TokenClaims | undefined {
  const [prefix, payload = '', signature] = token.split('.');
  if (prefix !== 'at' || signature !== seal(payload, secret)) return undefined;
  const [expiresAtMs, ...scopes]: [number, ...string[]] = JSON.parse(Buffer.from(payload, 'base64url').toString());
  return nowMs < expiresAtMs ? { expiresAtMs, scopes } : undefined;
}

export function bearerOf(request: FakeRequest): string | undefined {
  return /^Bearer (\S+)$/.exec(request.headers['authorization'] ?? '')?.[1];
}

/** Who asks for a token: HTTP Basic if there, else `client_id` and `client_secret` of the body. */
export function clientOf(request: FakeRequest): { clientId: string; clientSecret: string } | undefined {
  const basic = /^Basic (\S+)$/.exec(request.headers['authorization'] ?? '')?.[1];
  if (basic !== undefined) {
    const pair = Buffer.from(basic, 'base64').toString();
    const colon = pair.indexOf(':');
    return colon < 0 ? undefined : { clientId: pair.slice(0, colon), clientSecret: pair.slice(colon + 1) };
  }
  const body = bodyParameters(request);
  const [clientId, clientSecret] = [body.get('client_id'), body.get('client_secret')];
  return clientId === undefined || clientSecret === undefined ? undefined : { clientId, clientSecret };
}

function seal(payload: string, secret: string): string {
  return createHash('sha256').update(`${secret}\n${payload}`).digest('hex').slice(0, 32);
}
