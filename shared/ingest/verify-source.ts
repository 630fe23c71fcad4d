import type { StoredConversation } from '#shared/domain/conversation.ts';
import type { Known } from '#shared/domain/hour-books.ts';
import { identify } from '#shared/domain/identity.ts';
import type { IngestContext } from './context.ts';
import { writeVersion } from './write-version.ts';

type Source = StoredConversation['source'];

/**
 * Writes that a conversation is gone at its provider, or there again, and gives what holds then. An answer that came since
 * the listing began knows better than the listing: then nothing is written.
 */
export async function writeSource(
  context: IngestContext,
  externalId: string,
  source: Source,
  begunAt: number,
): Promise<Source> {
  const { uuid } = identify(context.connector.provider, context.session.connection.id, externalId);
  let holds = source;
  await context.keepLease();
  await writeVersion(context, uuid, true, (current) => {
    if (!current) return null;
    const isNewer = Date.parse(current.conversation.observedAt) >= begunAt;
    holds = isNewer ? current.conversation.source : source;
    return { ...current, conversation: { ...current.conversation, source: holds } };
  });
  return holds;
}

/** How one stands once its source was written. */
export const withSource = (known: Known, source: Source): Known =>
  known.standing.state === 'stored'
    ? { ...known, standing: { ...known.standing, isMissing: source === 'missing' } }
    : known;
