import type { StoredRecord } from '#shared/domain/conversation.ts';
import { identify } from '#shared/domain/identity.ts';
import { formatInstant } from '#shared/domain/instant.ts';
import { mergeRecord, nextVersion } from '#shared/domain/merge.ts';
import type { Normalized } from '#shared/providers/connector.ts';
import { getRecord, type Head, hashOf, putVersion } from '#shared/storage/conversations.ts';
import { expectedArtifacts, type IngestContext } from './context.ts';

export type Ingested = 'discovered' | 'updated' | 'unchanged';

/** Changes a record before it is compared and written: for what time alone decides. */
export type Amend = (record: StoredRecord, now: number) => StoredRecord;

/** Writers that may be faster in a row before something must be wrong. */
const attemptLimit = 20;

/** Normalized to stored: merges an answer with what is there and writes a version where the content differs. */
export async function ingestAnswer(
  context: IngestContext,
  seen: Normalized & { sentAt: number },
  head: Head | null,
  amend?: Amend,
): Promise<Ingested> {
  const { now, session, connector } = context;
  const identity = identify(connector.provider, session.connection.id, seen.externalId);
  const expected = expectedArtifacts(context);
  const merge = (current: StoredRecord | null): StoredRecord => {
    const merged = mergeRecord(current, seen, { identity, expected, now: now() });
    return amend ? amend(merged, now()) : merged;
  };
  // The usual case of a record seen again: the hash says so, and nothing more is read.
  if (head && hashOf(merge(null)).hash.equals(head.hash)) return 'unchanged';
  return writeVersion(context, identity.uuid, head !== null, merge);
}

/** Amends a stored record without an answer. */
export const amendStored = (context: IngestContext, { conversation }: Head, amend: Amend): Promise<Ingested> =>
  writeVersion(context, conversation.uuid, true, (current) => current && amend(current, context.now()));

/**
 * Writes what `merge` makes of the current record, where the content differs. Every write holds only on top of the
 * version it was made from, so it may run twice, stop anywhere or meet a faster writer.
 */
async function writeVersion(
  context: IngestContext,
  uuid: string,
  known: boolean,
  merge: (current: StoredRecord | null) => StoredRecord | null,
): Promise<Ingested> {
  const { store, now } = context;
  let current = known ? await getRecord(store, uuid) : null;
  let tried: StoredRecord | null = null;
  for (let attempt = 0; attempt < attemptLimit; attempt++) {
    const merged = merge(current?.record ?? null);
    if (!merged || (current && hashOf(merged).hash.equals(current.hash))) {
      // A put whose answer was lost and whose repeat was refused by its own first writing.
      if (current && isOurs(current.record, tried)) await renewAfterSlowPut(context, current.record);
      return 'unchanged';
    }
    const previous = current?.record.conversation ?? null;
    tried = nextVersion(previous, merged, expectedArtifacts(context), now());
    if (await putVersion(store, tried, previous?.version ?? 0)) {
      await renewAfterSlowPut(context, tried);
      return previous ? 'updated' : 'discovered';
    }
    current = await getRecord(store, uuid);
  }
  throw new Error(`${uuid}: lost ${attemptLimit} races for one version`);
}

const isOurs = ({ conversation }: StoredRecord, tried: StoredRecord | null): boolean =>
  conversation.version === tried?.conversation.version && conversation.updatedAt === tried.conversation.updatedAt;

/**
 * A put that took long may have become visible behind the back of who reads the changes by `updatedAt`: its stamp is
 * renewed, on top of the same version. Refused, a newer version has come, which has a stamp of its own.
 */
async function renewAfterSlowPut({ store, now, slowPutMs }: IngestContext, record: StoredRecord): Promise<void> {
  const { conversation } = record;
  if (now() - Date.parse(conversation.updatedAt) <= slowPutMs) return;
  const renewed = { ...record, conversation: { ...conversation, updatedAt: formatInstant(now()) } };
  await putVersion(store, renewed, conversation.version);
}
