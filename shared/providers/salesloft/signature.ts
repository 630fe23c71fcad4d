import { keyedHash, sameText } from '#shared/webhooks/keyed-hash.ts';
import type { SignatureScheme } from '../webhook.ts';

/**
 * Salesloft signs the raw body with the subscription's `callback_token`: HMAC-SHA1 in hex. The event stands in a header
 * that the signature does not cover, and there is no time (developers.salesloft.com/docs/platform/webhooks/delivery-headers).
 */
export const signature: SignatureScheme = {
  types: [],
  signatureHeaders: ['x-salesloft-signature'],
  eventHeader: 'x-salesloft-event',
  verify: async ({ headers, body }, secret) => {
    const given = headers['x-salesloft-signature'] ?? '';
    return secret !== '' && sameText(given, keyedHash('sha1', secret, [body], 'hex'))
      ? { isGenuine: true, id: null }
      : { isGenuine: false, fault: 'signature' };
  },
};
