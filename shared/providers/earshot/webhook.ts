import type { Delivery, Hint } from '#shared/domain/delivery.ts';
import { type Fields, fieldsOf } from '../fields-of.ts';
import { hintsOf, payloadOf, type Told } from '../hints-of.ts';
import type { Webhook } from '../webhook.ts';

/** Events whose subject is a conversation that the other Earshot has: of what was erased there is nothing to ask for. */
const ofConversations = /^earshot\.(conversation\.(?!erased)|transcript\.|media\.|artifact\.)/;

/** The CloudEvent, which may be the data of a Standard Webhook or stand in EventBridge's envelope. */
function eventIn(pushed: unknown): Fields {
  const fields = fieldsOf(pushed);
  return ['detail', 'data'].map((name) => fieldsOf(fields[name])).find((inner) => 'specversion' in inner) ?? fields;
}

function toldBy(pushed: unknown): Told {
  const event = eventIn(pushed);
  const { type, data } = payloadOf(event);
  if (type === null || !type.startsWith('earshot.')) return { id: data['conversationId'] ?? data['id'] };
  return { id: ofConversations.test(type) ? (data['conversationId'] ?? event['subject']) : null };
}

/** Events of another Earshot (design.md section 5), one or several, or whatever else names a conversation of it. */
const hints = (delivery: Delivery): Hint[] => {
  const { body } = delivery;
  return hintsOf(delivery, (Array.isArray(body) ? body : [body]).map(toldBy));
};

export const webhook: Webhook = { hints };
