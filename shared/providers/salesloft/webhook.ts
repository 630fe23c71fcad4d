import type { Delivery, Hint } from '#shared/domain/delivery.ts';
import { firstOf, hintsOf, payloadOf } from '../hints-of.ts';
import type { Webhook } from '../webhook.ts';
import { signature } from './signature.ts';

/** The events of conversations; there is none for a change or a deletion (github.com/amp-labs/connectors, salesloft). */
const ofConversations: ReadonlySet<string> = new Set([
  'conversation_created',
  'conversation_recording_created',
  'conversation_transcript_created',
]);

/**
 * The body is the bare resource, and only a header names the event (facts: developers.salesloft.com/docs/platform/webhooks).
 * In an envelope of Standard Webhooks its type may. What names no event at all can only be one of these.
 */
function hints(delivery: Delivery): Hint[] {
  const { type, data } = payloadOf(delivery.body);
  const event = delivery.event ?? type;
  if (event !== null && !ofConversations.has(event)) return [];
  return hintsOf(delivery, [{ id: firstOf(data, ['id', 'conversation_id']) }]);
}

export const webhook: Webhook = { scheme: signature, hints };
