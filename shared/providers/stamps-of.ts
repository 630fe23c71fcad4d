import type { StoredConversation } from '#shared/domain/conversation.ts';
import { instantOrder } from '#shared/domain/instant.ts';

/**
 * The stamps under which a dialect lists a conversation whose provider may give none: always an instant, never a made-up
 * one.
 */

/** When it was made: the provider's stamp as received, else the start, else when we first saw it. */
export const createdStampOf = ({
  providerCreatedAt,
  startedAt,
  firstSeenAt,
}: Pick<StoredConversation, 'providerCreatedAt' | 'startedAt' | 'firstSeenAt'>): string =>
  readable(providerCreatedAt) ?? startedAt ?? firstSeenAt;

/** When it last changed: the provider's stamp as received, else ours. */
export const updatedStampOf = ({
  providerUpdatedAt,
  updatedAt,
}: Pick<StoredConversation, 'providerUpdatedAt' | 'updatedAt'>): string => readable(providerUpdatedAt) ?? updatedAt;

const readable = (stamp: string | null): string | null =>
  stamp !== null && instantOrder(stamp) !== null ? stamp : null;

/** Length of `2026-03-02T09:14:07.000000`. */
const microseconds = 26;

/** Sortable text of an instant to the microsecond, which is how the providers compare; null where the text is none. */
export const stampPlace = (stamp: string): string | null => instantOrder(stamp)?.slice(0, microseconds) ?? null;
