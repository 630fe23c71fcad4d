import type { Delivery, Hint } from '#shared/domain/delivery.ts';
import { fieldsOf } from '../fields-of.ts';
import { firstOf, hintsOf, payloadOf, type Told } from '../hints-of.ts';
import type { Webhook } from '../webhook.ts';
import { guidOrNull } from './guid.ts';
import { signature } from './signature.ts';

/** Events of a call that goes on (docs-vcc.atlassian.net/wiki/x/dYBo6Q): its content is stored some time after. */
const ofGoingOn = /(^|\.)channel\./;

/**
 * CloudEvents in structured mode, one or a batch. The payload of insights names the interaction in `interactionId`
 * (facts: VCC Webhooks API); which name the other families use is not documented. Whatever is no GUID is none of theirs.
 */
function toldBy(event: unknown): Told {
  const { type, data } = payloadOf(event);
  const names = ['interactionId', 'interactionGuid', 'guid', 'conversationId'].map((name) => data[name]);
  const id = [...names, fieldsOf(event)['subject']].find((name) => typeof name === 'string' && guidOrNull(name));
  return { id, startedAt: firstOf(data, ['start', 'startTime']), isEarly: type !== null && ofGoingOn.test(type) };
}

const hints = (delivery: Delivery): Hint[] => {
  const { body } = delivery;
  return hintsOf(delivery, (Array.isArray(body) ? body : [body]).map(toldBy), (id) => id.toLowerCase());
};

export const webhook: Webhook = { scheme: signature, hints };
