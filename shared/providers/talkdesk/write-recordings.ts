import type { StoredConversation } from '#shared/domain/conversation.ts';
import { mediaArtifact, type StoredMedia } from '#shared/domain/media.ts';
import type { RecordingFields } from './wire.ts';
import { customerId, writeAgents } from './write-people.ts';

/** The id of a recording in Talkdesk's shape, by its conversation and media key. */
export type RecordingId = (file: { uuid: string; key: string }) => string;

/** The files of a conversation that are recordings: of sound or picture, or what Talkdesk calls so. */
export const recordedMedia = ({ provider, media }: StoredConversation): StoredMedia[] =>
  media.filter(
    ({ kind, contentType }) =>
      /^(audio|video)\//i.test(contentType) || (provider === 'talkdesk' && kind === 'recording'),
  );

type Listed = Readonly<Record<string, unknown>>;

/** What the Recordings API said of one of Talkdesk's own recordings. */
function listedAs({ provider, metadata }: StoredConversation, { key }: StoredMedia): Listed {
  const kept = provider === 'talkdesk' ? metadata['recordingList'] : null;
  const all: readonly unknown[] = Array.isArray(kept) ? kept : [];
  return all.filter(isFields).find(({ id }) => key === `recording-${id}`) ?? {};
}

const isFields = (value: unknown): value is Listed => typeof value === 'object' && value !== null;

/** The recordings of a conversation. How long one is, only Talkdesk tells. */
export function writeRecordings(
  conversation: StoredConversation,
  callId: string,
  recordingId: RecordingId,
): RecordingFields[] {
  const customer = customerId(conversation);
  const agents = {
    channel_1: writeAgents(conversation).map(({ id }) => ({ participant_type: 'AGENT' as const, participant_id: id })),
    channel_2: customer === null ? [] : [{ participant_type: 'CONTACT' as const, participant_id: customer }],
  };
  return recordedMedia(conversation).map((file, place) => {
    const { type, index, duration, createdAt } = listedAs(conversation, file);
    const at = conversation.artifacts[mediaArtifact(file.key)]?.at ?? conversation.updatedAt;
    return {
      id: recordingId({ uuid: conversation.uuid, key: file.key }),
      call_id: callId,
      created_at: typeof createdAt === 'string' ? createdAt : at.replace(/\.\d+Z$/, 'Z'),
      index: typeof index === 'number' ? index : place,
      ...(typeof duration === 'number' && { duration }),
      type: typeof type === 'string' ? type : typeOf(file),
      agents,
    };
  });
}

const typeOf = ({ kind }: StoredMedia): string => (kind === 'voicemail' ? 'voicemail' : 'conversation');
