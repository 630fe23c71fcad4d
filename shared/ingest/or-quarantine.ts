import { RecordInvalid } from '#shared/domain/errors.ts';
import { formatInstant } from '#shared/domain/instant.ts';
import { quarantine } from '#shared/storage/quarantine.ts';
import type { IngestContext } from './context.ts';

/** The result, or null where the record was not understood and is now quarantined with its raw bytes. */
export async function orQuarantine<T>(
  { session, stream, store, now }: IngestContext,
  raw: unknown,
  externalId: string | null,
  understand: () => T | Promise<T>,
): Promise<T | null> {
  try {
    return await understand();
  } catch (error) {
    if (!(error instanceof RecordInvalid)) throw error;
    const listedAt = stream.ledger.stampOf(raw);
    const record = {
      connection: session.connection.id,
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
