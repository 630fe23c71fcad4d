import * as z from 'zod';
import { readHistory } from '#shared/domain/history.ts';
import { namesIn } from '#shared/domain/raw-answer.ts';
import { itemAttributes as a } from '#shared/facts/table.ts';
import { type ConversationItem, historyOf, packsOf, unpackRecord } from './conversation-item.ts';
import { rowKeysOf } from './former-rows.ts';

/**
 * What there is of a conversation beside its item. A tombstone carries it until all of it is removed, for the item that
 * led to it is gone: a removal that stops anywhere goes on from there.
 */
const remainsSchema = z.object({
  versions: z.int(),
  hasTranscript: z.boolean(),
  media: z.int(),
  /** keys of its rows and markers by participant */
  rows: z.array(z.record(z.string(), z.string())),
  packs: z.array(z.string()),
  /** from when to when it had versions, and when each was written as far as that is known (ISO 8601) */
  firstSeenAt: z.string(),
  updatedAt: z.string(),
  written: z.array(z.string()),
  /** the stamps that a provider may list it by, for the books of its hour */
  startedAt: z.string().nullable(),
  providerCreatedAt: z.string().nullable(),
});
export type Remains = z.infer<typeof remainsSchema>;

/** What there is of the conversation of an item. */
export function remainsOf(item: ConversationItem): Remains {
  const conversation = unpackRecord(item);
  const { version, media, firstSeenAt, updatedAt, startedAt, providerCreatedAt } = conversation;
  return {
    ...{ versions: version, media: media.length, firstSeenAt, updatedAt, startedAt, providerCreatedAt },
    hasTranscript: a.transcript in item || a.transcriptObject in item,
    rows: rowKeysOf(item).map((key) => ({ ...key })),
    packs: namesIn(packsOf(item)),
    written: readHistory({ conversation, history: historyOf(item) }).map(({ at }) => at),
  };
}

export const writeRemains = (remains: Remains): string => JSON.stringify(remains);

/** What a tombstone says that is left; null where it is nothing. */
export const readRemains = (text: string): Remains | null =>
  text === '' ? null : remainsSchema.parse(JSON.parse(text));
