import type { StoredRecord } from '#shared/domain/conversation.ts';
import { toAnalyses } from './analyses.ts';
import { startOf, toDialogs } from './dialogs.ts';
import { fileReference, isRecording } from './files.ts';
import { keeperOf, toParty } from './parties.ts';
import { type Vcon, vconSchema } from './vcon-schema.ts';

/**
 * A record as a vCon, unsigned. The same record and `origin` give the same vCon: its uuid is ours (the draft would like a
 * random version 8, and demands no more than a unique one), it was created when the conversation was first seen and updated
 * with the record's version. `metadata` and the artifacts' states have no place in it.
 */
export function writeVcon(record: StoredRecord, origin: string): Vcon {
  const { conversation } = record;
  const { participants, connection, title } = conversation;
  const files = conversation.media.filter((media) => !isRecording(media));
  return vconSchema.parse({
    uuid: conversation.uuid,
    extensions: ['CC'],
    created_at: conversation.firstSeenAt,
    updated_at: conversation.updatedAt,
    ...(title !== null && { subject: title }),
    // Somebody there must be for dialogs to point to.
    parties: participants.length === 0 ? [{}] : participants.map((one) => toParty(one, connection)),
    dialog: toDialogs(record, origin),
    analysis: toAnalyses(record),
    attachments: files.map((media) => ({
      purpose: media.kind,
      start: startOf(conversation),
      party: keeperOf(conversation),
      dialog: 0,
      ...fileReference(conversation, media, origin),
    })),
  } satisfies Vcon);
}
