import type { StoredConversation } from '#shared/domain/conversation.ts';
import { isoInstant } from './field-values.ts';
import { createdStampOf } from './stamps-of.ts';

/**
 * Where a dialect that lists by the start shows a conversation: its start, else when it was made, else when we first saw
 * it. In our form.
 */
export const startOf = (
  conversation: Pick<StoredConversation, 'providerCreatedAt' | 'startedAt' | 'firstSeenAt'>,
): string => conversation.startedAt ?? isoInstant(createdStampOf(conversation)) ?? conversation.firstSeenAt;
