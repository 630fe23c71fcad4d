import { senders } from '#test/webhooks/senders.ts';
import { openWorld, type Post, start, type World } from './webhook-harness.ts';

/** A connection of each kind, with what signs its deliveries. */
export const secrets = {
  salesloft: senders.salesloft.secret('salesloft'),
  magpipe: senders.magpipe.secret('magpipe'),
  vonage: senders.vonage.secret('vonage'),
  standard: senders.standard.secret('standard'),
};

export const openAccountsWorld = (): World =>
  openWorld(
    [
      { id: 'sales', provider: 'salesloft', webhook: { secrets: [{ secret: 'hooks/sales' }] } },
      { id: 'voice', provider: 'magpipe', webhook: { secrets: [{ secret: 'hooks/voice' }], unsignedHints: true } },
      { id: 'voice-unsigned', provider: 'magpipe', webhook: { unsignedHints: true } },
      { id: 'calls', provider: 'vonage', webhook: { secrets: [{ secret: 'hooks/calls' }] } },
      { id: 'support', provider: 'talkdesk', webhook: { secrets: [{ secret: 'hooks/support' }] } },
      { id: 'other', provider: 'salesloft', webhook: { secrets: [{ secret: 'hooks/support' }], scheme: 'standard' } },
      { id: 'without', provider: 'salesloft' },
      { id: 'no-secret', provider: 'salesloft', webhook: { secrets: [] } },
      { id: 'gone', provider: 'salesloft', webhook: { secrets: [{ secret: 'hooks/gone' }] } },
    ],
    {
      'hooks/sales': secrets.salesloft,
      'hooks/voice': secrets.magpipe,
      'hooks/calls': secrets.vonage,
      'hooks/support': secrets.standard,
    },
  );

/** A genuine delivery to the connection `sales`. */
export const fromSalesloft = (text = '{"id":"5c1f6d0e"}', secret = secrets.salesloft): Post => ({
  headers: {
    'content-type': 'application/json',
    'x-salesloft-event': 'conversation_created',
    ...senders.salesloft.sign(secret, Buffer.from(text), start),
  },
  body: text,
});
