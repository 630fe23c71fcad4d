import * as z from 'zod';
import type { Connection } from '#shared/domain/connections.ts';
import { type Conversation, conversationSchema, type StoredConversation } from '#shared/domain/conversation.ts';
import { transcriptSchema } from '#shared/domain/transcript.ts';
import { mediaHref } from '../media/media-href.ts';
import { checkOffsets, recheckView } from './recheck-view.ts';

/** Answers pass through these, so that nothing leaves which the contract does not name. */
const shownSchema = z.object({ ...conversationSchema.shape, transcript: transcriptSchema.nullable().optional() });
export const oneSchema = shownSchema;
export const pageSchema = z.object({ conversations: z.array(shownSchema), nextCursor: z.string().nullable() });
export const batchSchema = z.object({ conversations: z.array(shownSchema), notFound: z.array(z.string()) });
/** What the list address answers: by `ids`, or a page. */
export const listedSchema = z.union([pageSchema, batchSchema]);

export type View = {
  /** of the record's connection; undefined where it is gone */
  connection: Connection | undefined;
  /** whether the caller may see the content */
  content: boolean;
  /** milliseconds since 1970 */
  now: number;
};

/** A stored conversation as `/v1` shows it: without what only the engine needs, and without content the caller may not see. */
export function present(stored: StoredConversation, view: View): Conversation {
  const { id, uuid, version, provider, connection, externalId, source } = stored;
  const { observedAt, updatedAt, summary, media, sentiment, categories, talkTime, metadata } = stored;
  const offsets = checkOffsets(view.connection);
  const artifacts = Object.entries(stored.artifacts).map(([kind, artifact]) => [
    kind,
    recheckView(artifact, stored.firstSeenAt, offsets, view.now),
  ]);
  return {
    ...{ id, uuid, version, provider, connection, externalId, source },
    channel: stored.channel,
    direction: stored.direction,
    status: stored.status,
    title: stored.title,
    language: stored.language,
    startedAt: stored.startedAt,
    endedAt: stored.endedAt,
    durationMs: stored.durationMs,
    providerCreatedAt: stored.providerCreatedAt,
    providerUpdatedAt: stored.providerUpdatedAt,
    ...{ observedAt, updatedAt },
    participants: stored.participants,
    artifacts: Object.fromEntries(artifacts),
    ...{ sentiment, categories, talkTime },
    ...(view.content && { summary }),
    media: media.map((item) => ({ ...item, href: mediaHref(id, item.key) })),
    metadata,
  };
}
