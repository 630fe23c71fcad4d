import type { SignatureScheme } from '#shared/providers/webhook.ts';
import { base64Key, keyedHash, sameText } from './keyed-hash.ts';
import { isNear } from './near.ts';

/** Behind it a secret is base64; it stands before none of another kind. */
const prefix = 'whsec_';

/** Several `<version>,<signature>`, divided by blanks: the sender's way to change its secret. */
const signatureList = /^[^\s,]+,[^\s,]+(?: [^\s,]+,[^\s,]+)*$/;

/** Seconds since 1970, as the specification has them. */
const seconds = /^\d{1,11}$/;

/**
 * Standard Webhooks 1.0, symmetric signatures (github.com/standard-webhooks/standard-webhooks, spec/standard-webhooks.md):
 * HMAC-SHA256 over `<id>.<time>.<body>`. The package of that name is for tests only: it verifies the body's text in place
 * of its bytes, and takes no clock.
 */
export const standard: SignatureScheme = {
  // What it carries may be a CloudEvent, as another Earshot's events are.
  types: ['application/cloudevents+json'],
  signatureHeaders: ['webhook-signature'],
  verify: async ({ headers, body, now }, secret) => {
    const { 'webhook-id': id = '', 'webhook-timestamp': time = '', 'webhook-signature': list = '' } = headers;
    if (id === '' || !seconds.test(time) || !signatureList.test(list)) return { isGenuine: false, fault: 'signature' };
    const given = list.split(' ');
    const isSigned = keysOf(secret)
      .map((key) => `v1,${keyedHash('sha256', key, [`${id}.${time}.`, body], 'base64')}`)
      .map((expected) => given.filter((one) => sameText(one, expected)).length > 0)
      .includes(true);
    if (!isSigned) return { isGenuine: false, fault: 'signature' };
    return isNear(Number(time), now) ? { isGenuine: true, id } : { isGenuine: false, fault: 'time' };
  },
};

/**
 * The keys that a secret may stand for: without the prefix it is base64 too to most libraries, and plain text to others.
 */
function keysOf(secret: string): (string | Uint8Array)[] {
  const key = base64Key(secret.startsWith(prefix) ? secret.slice(prefix.length) : secret);
  const plain = secret.startsWith(prefix) || secret === '' ? [] : [secret];
  return key ? [key, ...plain] : plain;
}
