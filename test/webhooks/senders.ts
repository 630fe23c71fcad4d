import { createHash, createHmac } from 'node:crypto';
import { signature as magpipe } from '#shared/providers/magpipe/signature.ts';
import { signature as salesloft } from '#shared/providers/salesloft/signature.ts';
import { signature as vonage } from '#shared/providers/vonage/signature.ts';
import type { SignatureScheme } from '#shared/providers/webhook.ts';
import { standard } from '#shared/webhooks/standard.ts';

/** One who signs deliveries as a scheme wants it, written from its documents and not from our code. */
export type Sender = {
  scheme: SignatureScheme;
  /** a secret as its account page shows one */
  secret: (seed: string) => string;
  /** the headers of a delivery that is sent at `at` (milliseconds since 1970) */
  sign: (secret: string, body: Uint8Array, at: number) => Record<string, string>;
  hasTime: boolean;
};

const keyOf = (seed: string): Buffer => createHash('sha256').update(seed).digest();
const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A JWT with these claims, signed with a base64 secret; `digest` as its `alg` says. */
export function token(secret: string, claims: object, header: object = { alg: 'HS256' }, digest = 'sha256'): string {
  const text = `${encode(header)}.${encode(claims)}`;
  return `${text}.${createHmac(digest, Buffer.from(secret, 'base64')).update(text).digest('base64url')}`;
}

export const payloadHash = (body: Uint8Array): string => createHash('sha256').update(body).digest('hex');

export const senders: Readonly<Record<'standard' | 'vonage' | 'salesloft' | 'magpipe', Sender>> = {
  standard: {
    scheme: standard,
    secret: (seed) => `whsec_${keyOf(seed).toString('base64')}`,
    sign: (secret, body, at) => {
      const [id, time] = ['msg_2KWPBgLlAfxdpx2AI54pPJ85f4W', String(Math.floor(at / 1_000))];
      const hmac = createHmac('sha256', Buffer.from(secret.replace('whsec_', ''), 'base64'));
      const signature = hmac.update(`${id}.${time}.`).update(body).digest('base64');
      return { 'webhook-id': id, 'webhook-timestamp': time, 'webhook-signature': `v1,${signature}` };
    },
    hasTime: true,
  },
  vonage: {
    scheme: vonage,
    secret: (seed) => keyOf(seed).toString('base64'),
    sign: (secret, body, at) => ({
      'vonage-signature': token(secret, { iat: Math.floor(at / 1_000), payload_hash: payloadHash(body) }),
    }),
    hasTime: true,
  },
  salesloft: {
    scheme: salesloft,
    secret: (seed) => keyOf(seed).toString('hex'),
    sign: (secret, body) => ({ 'x-salesloft-signature': createHmac('sha1', secret).update(body).digest('hex') }),
    hasTime: false,
  },
  magpipe: {
    scheme: magpipe,
    secret: (seed) => `whsec_${keyOf(seed).toString('hex')}`,
    sign: (secret, body) => ({
      'x-magpipe-signature': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
    }),
    hasTime: false,
  },
};
