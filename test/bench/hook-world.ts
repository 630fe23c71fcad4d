import { createHmac } from 'node:crypto';
import { inventMagpipeWorld } from '#infra/local/fakes/magpipe/invent.ts';
import type { MagpipeWorld } from '#infra/local/fakes/magpipe/world.ts';

/** More requests than a bench makes: what is measured is not the provider's patience. */
export const quickLimit = { perMinute: 1_000_000, perHour: 1_000_000 };

const day = 86_400_000;

/** So many calls of the month before `now` (milliseconds); equal arguments give equal calls. */
export const benchHistory = (count: number, now: number): MagpipeWorld =>
  inventMagpipeWorld('bench hooks', now - 30 * day, now - day, count, {
    ...{ turns: { min: 2, max: 4 }, lateShare: 0, neverShare: 0 },
  });

export const hookSecret = 'bench-hook-secret';

export type Hook = { body: string; headers: Record<string, string> };

/** A delivery as Magpipe sends it: that a call has ended. Anything in `more` makes it another delivery about the same call. */
export function hookOf(callId: string, more: Record<string, unknown> = {}, secret = hookSecret): Hook {
  const body = JSON.stringify({ event: 'call.completed', data: { call_record_id: callId, ...more } });
  const signature = createHmac('sha256', secret).update(body).digest('hex');
  return { body, headers: { 'content-type': 'application/json', 'x-magpipe-signature': `sha256=${signature}` } };
}
