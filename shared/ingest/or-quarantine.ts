import type { Identity } from '#shared/domain/conversation.ts';
import { RecordInvalid } from '#shared/domain/errors.ts';
import { identify } from '#shared/domain/identity.ts';
import { formatInstant } from '#shared/domain/instant.ts';
import { getItem } from '#shared/storage/conversations.ts';
import type { Store } from '#shared/storage/document-client.ts';
import { quarantine } from '#shared/storage/quarantine.ts';
import { isTombstone } from '#shared/storage/tombstones.ts';
import type { IngestContext } from './context.ts';

/**
 * The result, or null where the record was not understood and is now quarantined with its raw bytes; not those of one that
 * was erased since it was read.
 */
export async function orQuarantine<T>(
  { connector, session, stream, store, now }: IngestContext,
  raw: unknown,
  externalId: string | null,
  understand: () => T | Promise<T>,
): Promise<T | null> {
  try {
    return await understand();
  } catch (error) {
    if (!(error instanceof RecordInvalid)) throw error;
    const connection = session.connection.id;
    if (externalId !== null && (await isGone(store, identify(connector.provider, connection, externalId)))) return null;
    const listedAt = stream.ledger.stampOf(raw);
    const record = {
      connection,
      stream: stream.name,
      externalId,
      reason: error.issues.join('; '),
      listedAt: listedAt === null ? null : formatInstant(listedAt),
      raw: JSON.stringify(raw) ?? 'null',
    };
    await quarantine(store, record, now());
    return null;
  }
}

async function isGone(store: Store, { uuid }: Identity): Promise<boolean> {
  const item = await getItem(store, uuid, true);
  return item !== null && isTombstone(item);
}
