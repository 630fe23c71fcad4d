import { createHmac } from 'node:crypto';
import type { Machine } from '#infra/local/machine.ts';
import type { Accounts } from './accounts.ts';
import { callbackToken } from './accounts.ts';
import { changeOften } from './changes.ts';
import type { Outside } from './outside.ts';

/** Larger than what stands in a message. */
const largeBytes = 200 * 1024;

/** Deliveries of each kind: small, large, of a record that cannot be understood, of one that is not there yet. */
export async function deliverAll(machine: Machine, user: Outside, { ids, summarize }: Accounts): Promise<void> {
  const { hookedLong, hookedBroken } = ids;
  await deliver(user, { id: hookedLong, note: 'x'.repeat(largeBytes) });
  await deliver(user, { id: hookedBroken });
  await deliver(user, { id: '00000000-0000-4000-8000-000000000000' });
  await changeOften(machine, user, `hooked:${hookedLong}`, (text) => {
    summarize(hookedLong, text);
    return deliver(user, { id: hookedLong, note: text });
  });
  await user.until(() => user.read('/v1/quarantine?connection=hooked'), hookedBroken);
}

export async function deliver(user: Outside, body: object): Promise<void> {
  const text = JSON.stringify(body);
  const headers = {
    'content-type': 'application/json',
    'X-Salesloft-Event': 'conversation_created',
    'X-Salesloft-Signature': createHmac('sha1', callbackToken).update(text).digest('hex'),
  };
  const { status } = await fetch(`${user.address}/webhooks/hooked`, { method: 'POST', headers, body: text });
  if (status !== 202) throw new Error(`a webhook was answered with ${status}`);
}
