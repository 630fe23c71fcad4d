import { recordText } from '../raw-json.ts';
import { formatStamp, usPerSecond } from '../stamp.ts';
import type { MagpipeSettings } from './settings.ts';
import { isThere, type MagpipeCall } from './world.ts';

/** Calls as the API writes them at a moment, what has not come by then as null. */

export type Writing = { readonly nowUs: number; readonly settings: MagpipeSettings };

/** A row of list-calls. */
export const rowText = (call: MagpipeCall, writing: Writing): string =>
  recordText(
    { ...commonFields(call, writing), ...(writing.settings.rows === 'full' && timeFields(call, writing)) },
    call.malformed,
  );

/** The answer of get-call; `link` is the recording's, null where there is none. */
export function callText(call: MagpipeCall, link: string | null, writing: Writing): string {
  const landed = isThere(call.transcriptAtUs, writing.nowUs);
  const segments = call.turns.map((turn) => ({
    speaker: turn.speaker,
    text: turn.text,
    start_time: turn.startSeconds,
    end_time: turn.endSeconds,
  }));
  const fields = {
    ...commonFields(call, writing),
    ...timeFields(call, writing),
    recording_url: link,
    transcript: landed ? transcriptText(call) : null,
    transcript_segments: call.hasSegments ? (landed ? segments : []) : undefined,
    metadata: call.metadata,
  };
  return recordText(fields, call.malformed);
}

const transcriptText = ({ turns }: MagpipeCall): string =>
  turns.map(({ speaker, text }) => `${speaker === 'agent' ? 'Agent' : 'Caller'}: ${text}`).join('\n\n');

function commonFields(call: MagpipeCall, { nowUs, settings }: Writing): Record<string, unknown> {
  const { customerNumber, serviceNumber, sentiment, summary } = call;
  const isInbound = call.direction === 'inbound';
  return {
    id: call.id,
    agent_id: call.agentId,
    ...(settings.rows === 'full' && { agent_name: call.agentName }),
    from_number: isInbound ? customerNumber : serviceNumber,
    to_number: isInbound ? serviceNumber : customerNumber,
    direction: call.direction,
    status: statusAt(call, nowUs),
    duration: secondsOf(call, nowUs),
    sentiment: sentiment && isThere(sentiment.atUs, nowUs) ? sentiment.label : null,
    call_summary: summary && isThere(summary.atUs, nowUs) ? summary.text : null,
    created_at: shown(call.createdAtUs, settings),
  };
}

const timeFields = ({ answeredAtUs, endedAtUs }: MagpipeCall, { nowUs, settings }: Writing) => ({
  started_at: isThere(answeredAtUs, nowUs) ? shown(answeredAtUs, settings) : null,
  ended_at: isThere(endedAtUs, nowUs) ? shown(endedAtUs, settings) : null,
});

/** From the answering to the end, as in the documented example; 0 for a call that nobody answered. */
function secondsOf({ answeredAtUs, endedAtUs }: MagpipeCall, nowUs: number): number | null {
  if (!isThere(endedAtUs, nowUs)) return null;
  return Math.round((endedAtUs - (answeredAtUs ?? endedAtUs)) / usPerSecond);
}

export const statusAt = ({ statuses }: MagpipeCall, nowUs: number): string | null =>
  (statuses.findLast(({ atUs }) => atUs <= nowUs) ?? statuses[0])?.status ?? null;

function shown(us: number, { stampDigits }: MagpipeSettings): string {
  const text = formatStamp(us);
  return `${text.slice(0, stampDigits === 0 ? 19 : 20 + stampDigits)}Z`;
}
