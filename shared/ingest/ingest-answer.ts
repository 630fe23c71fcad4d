import { isDeepStrictEqual } from 'node:util';
import { sameBookkeeping } from '#shared/domain/bookkeeping.ts';
import { contentHash } from '#shared/domain/content-hash.ts';
import type { Content, Identity, StoredRecord } from '#shared/domain/conversation.ts';
import { RecordInvalid } from '#shared/domain/errors.ts';
import { identify } from '#shared/domain/identity.ts';
import { longestKey } from '#shared/domain/media.ts';
import { type MergeContext, mergeRecord } from '#shared/domain/merge.ts';
import type { Observation } from '#shared/domain/observation.ts';
import { heldUntil } from '#shared/domain/restless.ts';
import type { Normalized } from '#shared/providers/connector.ts';
import { type Head, hashOf } from '#shared/storage/conversations.ts';
import type { IngestContext } from './context.ts';
import { type Written, writeVersion } from './write-version.ts';

/** Changes a record before it is compared and written: for what time alone decides. */
export type Amend = (record: StoredRecord, now: number) => StoredRecord;

/** An answer with when it was asked for, and which conversation it is where the list has told already. */
type Seen = Normalized & { sentAt: number; identity?: Identity };

function mergeContext(context: IngestContext, { externalId, identity }: Seen): MergeContext {
  const { connector, session, expectation, now } = context;
  const isTold = identity !== undefined && identity.externalId === externalId;
  return {
    identity: isTold ? identity : identify(connector.provider, session.connection.id, externalId),
    expectation,
    now: now(),
  };
}

/** What an answer makes of a record that it changes. */
export type News = {
  uuid: string;
  externalId: string;
  /** whether the record is stored already, and the packs that it names */
  known: boolean;
  packs: string;
  /** until when it must wait, because the record changes for ever (milliseconds since 1970); null: not at all */
  heldUntil: number | null;
  /** the record with the answer in it, for `writeVersion` */
  merge: (current: StoredRecord | null) => StoredRecord | null;
};

/** Compares an answer with what is stored; null where it says nothing new. */
export function newsIn(context: IngestContext, seen: Seen, head: Head | null, amend?: Amend): News | null {
  if (seen.files.some(({ key }) => key.length > longestKey))
    throw new RecordInvalid([`files[].key: expected at most ${longestKey} characters`]);
  const merging = mergeContext(context, seen);
  const merge = (current: StoredRecord | null): StoredRecord | null => {
    // Single artifacts of a record that is gone by now make no record.
    if (!current && seen.scope === 'artifacts') return null;
    const merged = mergeRecord(current, seen, merging);
    return amend ? amend(merged, merging.now) : merged;
  };
  if (head && isUnchanged(head, seen, merge)) return null;
  const { uuid, externalId } = merging.identity;
  const until =
    head && untilHeld(context, head, merge({ conversation: head.conversation, transcript: seen.transcript }));
  return { uuid, externalId, known: head !== null, packs: head?.packs ?? '', heldUntil: until, merge };
}

function untilHeld({ cause, now }: IngestContext, head: Head, merged: StoredRecord | null): number | null {
  const until = merged && heldUntil(head, merged.conversation, { cause, now: now() });
  // What is kept beside the content makes no version.
  return until !== null && merged && !hashOf(merged).hash.equals(head.hash) ? until : null;
}

/**
 * The usual case of a record seen again, without reading its transcript: were the stored transcript the seen one, would
 * the hash be the stored one? A wrong guess only costs the reading.
 */
function isUnchanged(
  { conversation, hash }: Head,
  { transcript }: Observation,
  merge: (current: StoredRecord) => StoredRecord | null,
): boolean {
  const merged = merge({ conversation, transcript });
  return merged !== null && sameBookkeeping(conversation, merged.conversation) && hashOf(merged).hash.equals(hash);
}

/**
 * Whether a list says nothing of a stored record that we do not know: then its details need not be asked for. For lists
 * without a stamp of the last change. A list that holds no transcript says nothing of it.
 */
export function saysNothingNew(context: IngestContext, head: Head, listed: Normalized & { sentAt: number }): boolean {
  const merging = mergeContext(context, listed);
  if (listed.transcript) return isUnchanged(head, listed, (current) => mergeRecord(current, listed, merging));
  const { conversation } = head;
  const content = withUntold(listed.content, conversation);
  const merged = mergeRecord({ conversation, transcript: null }, { ...listed, content }, merging).conversation;
  return (
    isDeepStrictEqual(conversation.files, merged.files) &&
    contentHash(conversation, null).equals(contentHash(merged, null))
  );
}

/** What a list leaves null it does not tell: not every list has all fields of its records. */
const withUntold = (content: Content, known: Content): Content => ({
  ...content,
  title: content.title ?? known.title,
  startedAt: content.startedAt ?? known.startedAt,
  endedAt: content.endedAt ?? known.endedAt,
  durationMs: content.durationMs ?? known.durationMs,
  providerCreatedAt: content.providerCreatedAt ?? known.providerCreatedAt,
  providerUpdatedAt: content.providerUpdatedAt ?? known.providerUpdatedAt,
});

/** Amends a stored record without an answer. */
export const amendStored = (context: IngestContext, { conversation }: Head, amend: Amend): Promise<Written> =>
  writeVersion(context, conversation.uuid, true, (current) => current && amend(current, context.now()));
