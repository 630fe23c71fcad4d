import { hash } from 'node:crypto';
import * as z from 'zod';
import { base64Key, sameText } from '#shared/webhooks/keyed-hash.ts';
import { isNear, isNotAhead, isNotBehind } from '#shared/webhooks/near.ts';
import { readSignedClaims } from '#shared/webhooks/signed-claims.ts';
import type { SignatureScheme } from '../webhook.ts';

const claimsSchema = z.object({
  payload_hash: z.string(),
  exp: z.number().optional(),
  nbf: z.number().optional(),
  iat: z.number().optional(),
});

/**
 * Vonage Contact Center sends a JWT signed with the base64-decoded secret, whose `payload_hash` is the hex SHA-256 of the
 * raw body (github.com/newvoicemedia/vcc-node-code-snippets, webhook-consumer). Before October 2024 `Bearer ` stood before
 * it. Which times it holds is not documented: those that are there must be near.
 */
export const signature: SignatureScheme = {
  types: ['application/cloudevents+json', 'application/cloudevents-batch+json'],
  signatureHeaders: ['vonage-signature'],
  verify: async ({ headers, body, now }, secret) => {
    const key = base64Key(secret);
    const token = (headers['vonage-signature'] ?? '').replace(/^Bearer /, '');
    const claims = claimsSchema.safeParse(key && (await readSignedClaims(token, key)));
    if (!claims.success || !sameText(claims.data.payload_hash, hash('sha256', body))) {
      return { isGenuine: false, fault: 'signature' };
    }
    const { exp = null, nbf = null, iat = null } = claims.data;
    const isFresh =
      (exp === null || isNotBehind(exp, now)) &&
      (nbf === null || isNotAhead(nbf, now)) &&
      (iat === null || isNear(iat, now));
    return isFresh ? { isGenuine: true, id: null } : { isGenuine: false, fault: 'time' };
  },
};
