import { keyedHash, sameText } from '#shared/webhooks/keyed-hash.ts';
import type { SignatureScheme } from '../webhook.ts';

/**
 * Magpipe signs the raw body of account webhooks with the key's secret, as it stands (`whsec_` included): HMAC-SHA256 in
 * hex, without a time (docs.magpipe.ai/features/webhooks). The status hook of a single call is not signed.
 */
export const signature: SignatureScheme = {
  types: [],
  signatureHeaders: ['x-magpipe-signature'],
  verify: async ({ headers, body }, secret) => {
    const given = headers['x-magpipe-signature'] ?? '';
    return secret !== '' && sameText(given, `sha256=${keyedHash('sha256', secret, [body], 'hex')}`)
      ? { isGenuine: true, id: null }
      : { isGenuine: false, fault: 'signature' };
  },
};
