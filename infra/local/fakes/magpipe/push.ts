import { createHmac } from 'node:crypto';
import { isVisible, type MagpipeCall, type MagpipeWorld } from './world.ts';

export type PushOptions = {
  world: (nowMs: number) => MagpipeWorld;
  now: () => number;
  /** where deliveries go */
  address: string;
  /** signs them */
  secret: string;
};

const everyMs = 500;

/**
 * Pushes `call.completed` for each call that is whole from now on, signed as Magpipe signs it. One that is not taken is
 * sent again with the next look.
 */
export function startPushing({ world, now, address, secret }: PushOptions): { close: () => Promise<void> } {
  let sinceUs = now() * 1_000;
  const look = async (): Promise<void> => {
    const nowUs = now() * 1_000;
    for (const call of wholeBetween(world(now()), sinceUs, nowUs)) {
      if (!(await push(call, nowUs))) return;
    }
    sinceUs = nowUs;
  };
  const push = async (call: MagpipeCall, nowUs: number): Promise<boolean> => {
    const body = JSON.stringify(completed(call, nowUs));
    const signature = `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
    const headers = { 'content-type': 'application/json', 'x-magpipe-signature': signature };
    const answer = await fetch(address, { method: 'POST', headers, body });
    await answer.body?.cancel();
    return answer.ok;
  };
  let looking: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    // A machine that is about to start or to stop takes nothing.
    looking = looking.then(look).catch(() => undefined);
  }, everyMs);
  return {
    close: async () => {
      clearInterval(timer);
      await looking;
    },
  };
}

/** Calls of which the last part lands in `(fromUs, toUs]`. A delivery says nothing of calls that nobody answered. */
export const wholeBetween = ({ calls }: MagpipeWorld, fromUs: number, toUs: number): MagpipeCall[] =>
  calls.filter((call) => {
    const wholeAtUs = Math.max(
      call.endedAtUs ?? Number.POSITIVE_INFINITY,
      call.answeredAtUs ?? Number.POSITIVE_INFINITY,
      ...[call.transcriptAtUs, call.summary?.atUs, call.visibleAtUs].map((atUs) => atUs ?? 0),
    );
    return fromUs < wholeAtUs && wholeAtUs <= toUs && isVisible(call, toUs);
  });

/** As docs.magpipe.ai/features/webhooks has it; what was said is left to get-call. */
const completed = (call: MagpipeCall, nowUs: number) => ({
  event: 'call.completed',
  timestamp: new Date(nowUs / 1_000).toISOString(),
  data: {
    call_record_id: call.id,
    direction: call.direction,
    caller_number: call.customerNumber,
    service_number: call.serviceNumber,
    agent_id: call.agentId,
    agent_name: call.agentName,
    duration_seconds: Math.round(((call.endedAtUs ?? 0) - (call.answeredAtUs ?? 0)) / 1_000_000),
    transcript: null,
    summary: null,
    extracted_data: null,
    status: 'completed',
  },
});
