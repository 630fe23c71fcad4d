import type { Delivery, Hint } from '#shared/domain/delivery.ts';
import { firstOf, hintsOf, payloadOf } from '../hints-of.ts';
import type { Webhook } from '../webhook.ts';
import { signature } from './signature.ts';

/** Events of calls; the others are of messages and chats, which no API gives. */
const ofCalls = /^call\./;

/**
 * The account's `call.completed` has the call's id as `call_record_id` in its `data`
 * (docs.magpipe.ai/features/webhooks); the status hook of a single call, which is flat and unsigned, as `call_id`
 * (docs.magpipe.ai/api-reference/endpoints/create-call).
 */
function hints(delivery: Delivery): Hint[] {
  const { type, data } = payloadOf(delivery.body);
  if (type !== null && !ofCalls.test(type)) return [];
  return hintsOf(delivery, [{ id: firstOf(data, ['call_record_id', 'call_id']) }]);
}

export const webhook: Webhook = { scheme: signature, hints };
