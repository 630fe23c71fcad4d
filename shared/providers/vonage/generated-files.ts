import type { StoredConversation, StoredRecord } from '#shared/domain/conversation.ts';
import type { Transcript } from '#shared/domain/transcript.ts';
import { startOf } from '../start-of.ts';
import { type ContentFile, interactionLogFile, transcriptFile } from './wire.ts';
import { toTheSecond } from './write-interaction.ts';

/** A content file that we make ourselves: its entry in the list, and its bytes. */
export type GeneratedFile = { entry: ContentFile; bytes: Buffer };

/**
 * The files of a conversation that has none, so that Vonage's API, which lists interactions by their files, can show it:
 * a log of what is known of it, and the transcript when there is one.
 */
export function generatedFiles({ conversation, transcript }: StoredRecord, guid: string): GeneratedFile[] {
  const { artifacts, updatedAt } = conversation;
  const log = generated('interactionLog', 'interactionLog', writeLog(conversation, guid), updatedAt);
  if (!transcript || artifacts['transcript']?.state !== 'ready') return [log];
  const type = transcriptType(conversation);
  return [log, generated('transcript', type, writeTranscript(transcript, guid), updatedAt)];
}

/** What was said in writing is a chat's transcript at Vonage. */
const transcriptType = ({ channel }: StoredConversation): string =>
  ['chat', 'sms', 'digital'].includes(channel) ? 'chatTranscript' : 'transcript';

function generated(contentKey: string, type: string, value: unknown, at: string): GeneratedFile {
  const bytes = Buffer.from(JSON.stringify(value), 'utf8');
  const facts = { contentType: 'application/json', contentLength: bytes.length, lastModified: toTheSecond(at) };
  return { entry: { contentKey, type, ...facts, properties: {} }, bytes };
}

const toSeconds = (ms: number | null): number | null => (ms === null ? null : ms / 1000);

function writeLog(conversation: StoredConversation, guid: string) {
  const { endedAt, durationMs, ...facts } = conversation;
  const start = toTheSecond(startOf(conversation));
  const end = endedAt && toTheSecond(endedAt);
  return interactionLogFile.parse({ ...facts, guid, start, end, durationSeconds: toSeconds(durationMs) });
}

/** What is not known of a turn is left out. */
function writeTranscript({ language, utterances, text }: Transcript, guid: string) {
  const turns = utterances.map(({ role, startMs, endMs, text: said, sentiment, intent }) => ({
    speaker: role,
    ...(startMs !== null && { start: startMs / 1000 }),
    ...(endMs !== null && { end: endMs / 1000 }),
    text: said,
    ...(sentiment !== null && { sentiment }),
    ...(intent !== null && { intent }),
  }));
  const phrases = turns.length > 0 || text === '' ? turns : [{ speaker: 'unknown', text }];
  return transcriptFile.parse({ guid, language, phrases });
}
