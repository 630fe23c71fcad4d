import type { Delivery, Hint } from '#shared/domain/delivery.ts';
import { firstOf, hintsOf, payloadOf } from '../hints-of.ts';
import type { Webhook } from '../webhook.ts';
import { uuidForm } from './ids.ts';

const ids = ['interaction_id', 'interactionId', 'call_id', 'callId', 'conversation_id', 'conversationId', 'id'];
const starts = ['started_at', 'startedAt', 'start_time', 'startTime', 'interaction_started'];

/**
 * Talkdesk documents no signed event of a call (facts: its Events API and Webhook Trigger API), so whoever forwards one
 * chooses the shape: an envelope of Standard Webhooks or a bare object, the interaction under one of the usual names.
 */
function hints(delivery: Delivery): Hint[] {
  const { data } = payloadOf(delivery.body);
  return hintsOf(delivery, [{ id: firstOf(data, ids), startedAt: firstOf(data, starts) }], uuidForm);
}

export const webhook: Webhook = { hints };
