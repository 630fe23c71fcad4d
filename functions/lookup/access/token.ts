import * as z from 'zod';
import type { Scope } from '#shared/domain/connections.ts';
import { oauthProblem } from '../http/problem.ts';
import { type Answer, jsonAnswer, type Request } from '../http/request.ts';
import type { Lookup } from '../lookup.ts';
import { signToken, tokenLifeSeconds } from './access-token.ts';
import { capabilitiesOf, isScope } from './capabilities.ts';
import { findClient, secretFits } from './clients.ts';

/** No form of ours is nearly as long. */
const longestForm = 8_192;

/** The form as the documents show it; it is read leniently, as RFC 6749 asks. */
export const grantSchema = z.object({
  grant_type: z.literal('client_credentials'),
  client_id: z.string().optional(),
  client_secret: z.string().optional(),
  scope: z.string().optional().meta({ description: 'scopes divided by blanks; left out, all that the client has' }),
});

export const tokenSchema = z.object({
  access_token: z.string(),
  token_type: z.literal('Bearer'),
  expires_in: z.int(),
  scope: z.string(),
});

type Credentials = { clientId: string; clientSecret: string };

/** The token endpoint: OAuth 2 client credentials (RFC 6749 section 4.4) by form or Basic, errors in OAuth's shape. */
export async function answerToken(lookup: Lookup, request: Request): Promise<Answer> {
  const form = readForm(request);
  const grant = form.get('grant_type');
  if (grant === undefined) throw oauthProblem(400, 'invalid_request', 'grant_type is missing');
  if (grant !== 'client_credentials') throw oauthProblem(400, 'unsupported_grant_type', 'expected client_credentials');
  for (const { clientId, clientSecret } of readCredentials(request, form)) {
    const client = findClient(lookup.file.clients, clientId);
    if (!(await secretFits(lookup.secrets, client, clientSecret)) || !client) continue;
    const scopes = chooseScopes(form.get('scope'), client.scopes);
    const { current } = await lookup.keys();
    const token = await signToken(current, client.clientId, scopes, lookup.now());
    const granted = {
      access_token: token,
      token_type: 'Bearer',
      expires_in: tokenLifeSeconds,
      scope: scopes.join(' '),
    };
    return jsonAnswer(tokenSchema.parse(granted), { pragma: 'no-cache' });
  }
  throw oauthProblem(401, 'invalid_client', 'the client is not known or its secret is wrong');
}

function readForm({ headers, body, query }: Request): ReadonlyMap<string, string> {
  const type = headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  if (type !== undefined && type !== 'application/x-www-form-urlencoded') {
    throw oauthProblem(400, 'invalid_request', 'expected the content type application/x-www-form-urlencoded');
  }
  if (query !== '') throw oauthProblem(400, 'invalid_request', 'parameters belong in the body');
  if (body.length > longestForm) throw oauthProblem(400, 'invalid_request', 'the body is too long');
  const values = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(body)) {
    if (values.has(name)) throw oauthProblem(400, 'invalid_request', 'a parameter stands more than once');
    // RFC 6749 section 3.2: a parameter without a value counts as left out.
    if (value !== '') values.set(name, value);
  }
  return values;
}

/** What the request may mean as credentials: in Basic both parts should be form-encoded, and many clients leave that out. */
function readCredentials({ headers }: Request, form: ReadonlyMap<string, string>): Credentials[] {
  const clientId = form.get('client_id');
  const clientSecret = form.get('client_secret');
  const authorization = headers['authorization'];
  if (authorization === undefined) return clientId && clientSecret ? [{ clientId, clientSecret }] : [];
  if (clientSecret !== undefined)
    throw oauthProblem(400, 'invalid_request', 'credentials stand both in the header and in the body');
  const encoded = /^Basic +([A-Za-z0-9+/_-]+=*) *$/i.exec(authorization)?.[1] ?? '';
  const [, id, secret] = /^([^:]*):(.*)$/s.exec(Buffer.from(encoded, 'base64').toString('utf8')) ?? [];
  if (!id || !secret) return [];
  const decoded = { clientId: formDecode(id), clientSecret: formDecode(secret) };
  const raw = { clientId: id, clientSecret: secret };
  return id === decoded.clientId && secret === decoded.clientSecret ? [raw] : [decoded, raw];
}

/** `a=` keeps a text that holds `&` or `=` from being cut. */
const formDecode = (text: string): string => new URLSearchParams(`a=${text.replaceAll('&', '%26')}`).get('a') ?? text;

/** The scopes asked for, or all of the client's. What implies no more than the client may do can be asked for by any name. */
function chooseScopes(asked: string | undefined, allowed: readonly Scope[]): readonly Scope[] {
  if (asked === undefined) return allowed;
  const names = [...new Set(asked.split(' ').filter((name) => name !== ''))];
  const can = capabilitiesOf(allowed);
  const scopes = names.filter(isScope);
  const covered = [...capabilitiesOf(scopes)].every((capability) => can.has(capability));
  if (names.length === 0 || scopes.length < names.length || !covered) {
    throw oauthProblem(400, 'invalid_scope', 'a scope is unknown or not granted to the client');
  }
  return scopes;
}
