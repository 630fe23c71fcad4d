import type { StoredConversation, StoredRecord } from '#shared/domain/conversation.ts';
import { formatInstant } from '#shared/domain/instant.ts';
import type { Utterance } from '#shared/domain/transcript.ts';
import type { MessageAnswer } from './wire.ts';
import type { Source } from './words.ts';
import { personId } from './write-people.ts';
import type { RecordingId } from './write-recordings.ts';
import { sourcesOf } from './write-sources.ts';

/** Microseconds, as Talkdesk writes them. */
export const microseconds = (instant: string): string => instant.replace(/Z$/, '000Z');

/** The transcript as messages, in order: the inverse of `transcriptOf`. */
export function writeMessages(record: StoredRecord, recordingId: RecordingId): MessageAnswer[] {
  const { conversation, transcript } = record;
  const turns = transcript?.utterances ?? [];
  const sources = sourcesOf(record);
  const recordings = recordingsOf(conversation, turns, sources);
  return turns.map((turn, i): MessageAnswer => {
    const { index, role, text, sentiment, intent } = turn;
    const source = sources[i];
    const channel = channelOf(conversation, source);
    const recording = recordings[i];
    const key = recording && `recording-${recording.id}`;
    return {
      message_id: `${conversation.uuid}-${index}`,
      text,
      ...(channel && { channel }),
      participant: role,
      ...(source && { source_system: source }),
      ...(sentiment !== null && { sentiment }),
      ...timesOf(conversation, turn, source),
      ...(intent !== null && { intent }),
      ...(key && { recording_id: recordingId({ uuid: conversation.uuid, key }) }),
      ...(recording && recording.index !== null && { recording_index: recording.index }),
      message_index: index,
      ...speakerOf(conversation, turn),
    };
  });
}

/** Talkdesk's meetings are none, and what another provider transcribed was heard. */
function channelOf({ channel, provider }: StoredConversation, source: Source | undefined): MessageAnswer['channel'] {
  if (channel === 'chat') return source === 'VA' ? 'WEBCHAT' : 'CHAT';
  if (channel === 'sms') return 'SMS';
  if (channel === 'digital') return 'DIGITAL_CONNECT';
  return channel === 'unknown' && provider === 'talkdesk' ? undefined : 'VOICE';
}

/** Speech has its place in the audio, everything else the time it was sent at. */
function timesOf({ startedAt }: StoredConversation, { startMs, endMs }: Utterance, source: Source | undefined) {
  const end = endMs === null ? {} : { end_time: endMs / 1000 };
  if (startMs === null) return end;
  if (source === 'STT' || startedAt === null) return { start_time: startMs / 1000, ...end };
  return { ...end, message_start_at: microseconds(formatInstant(Date.parse(startedAt) + startMs)) };
}

/** Who of ours spoke: agents' names stand with the agents. */
function speakerOf(conversation: StoredConversation, { participant, role }: Utterance) {
  const person = participant === null ? undefined : conversation.participants[participant];
  if (!person || (role !== 'agent' && role !== 'bot')) return {};
  const id = personId(conversation, person);
  return {
    ...(id !== null && { agent_id: id }),
    ...(role === 'bot' && person.name !== null && { agent_name: person.name }),
  };
}

type Named = { id: string; index: number | null };

function namedRecordings({ provider, metadata }: StoredConversation): Named[] {
  const kept = provider === 'talkdesk' ? metadata['recordings'] : null;
  const all: readonly unknown[] = Array.isArray(kept) ? kept : [];
  return all.flatMap((each): Named[] => {
    if (typeof each !== 'object' || each === null || !('id' in each) || typeof each.id !== 'string') return [];
    return [{ id: each.id, index: 'index' in each && typeof each.index === 'number' ? each.index : null }];
  });
}

/**
 * The recording of each turn. Those that Talkdesk's messages named are known in order, though not of which turn: speech
 * has one, the next one begins where the times start anew, and every one has a turn.
 */
function recordingsOf(
  conversation: StoredConversation,
  turns: readonly Utterance[],
  sources: readonly (Source | undefined)[],
): (Named | undefined)[] {
  const named = namedRecordings(conversation);
  if (named.length === 0) return [];
  const speech = sources.indexOf('STT');
  const first = Math.min(Math.max(speech, 0), Math.max(0, turns.length - named.length));
  let place = 0;
  let last = 0;
  return turns.map(({ startMs }, i) => {
    if (i < first) return undefined;
    const isAnew = startMs !== null && startMs < last;
    const mustMove = i > first && turns.length - i < named.length - place;
    if (i > first && place + 1 < named.length && (isAnew || mustMove)) place += 1;
    last = startMs ?? last;
    return named[place];
  });
}
