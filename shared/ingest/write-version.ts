import { isDeepStrictEqual } from 'node:util';
import { sameBookkeeping, withBookkeeping } from '#shared/domain/bookkeeping.ts';
import { changesBetween } from '#shared/domain/changes.ts';
import type { StoredConversation, StoredRecord } from '#shared/domain/conversation.ts';
import type { Expectation } from '#shared/domain/expectation.ts';
import { type Cause, extendHistory } from '#shared/domain/history.ts';
import { formatInstant } from '#shared/domain/instant.ts';
import { nextVersion } from '#shared/domain/merge.ts';
import { type PackName, withPack } from '#shared/domain/raw-answer.ts';
import { heldUntil } from '#shared/domain/restless.ts';
import type { Carried } from '#shared/storage/conversation-item.ts';
import { getKnown, hashOf, type KnownRecord, putVersion } from '#shared/storage/conversations.ts';
import type { Store } from '#shared/storage/document-client.ts';
import { withFormerRows } from '#shared/storage/former-rows.ts';
import { hold } from '#shared/storage/held.ts';
import { takeBack } from '#shared/storage/take-back.ts';

/** What a write came to. `erased`: the conversation is gone for good, and nothing was written. */
export type Written = 'discovered' | 'updated' | 'unchanged' | 'erased';

export type WriteContext = {
  store: Store;
  /** our clock, milliseconds since 1970 */
  now: () => number;
  /**
   * Half of the time that lists by `updatedAt` stay behind now. A put that took longer may have become visible behind a
   * reader's back, so its stamp is renewed.
   */
  slowPutMs: number;
  expectation: Expectation;
  /** why versions are written; absent: for the same reason as the version before, which brought what is completed now */
  cause?: Cause;
  /** where the raw answer lies that versions are made of; absent where none is at hand: the record keeps the packs it has */
  pack?: PackName;
  /** hears, once a day, of a conversation that changes for ever, by uuid */
  onRestless?: (uuid: string) => void;
};

/** Writers that may be faster in a row before something must be wrong. */
const attemptLimit = 20;

/**
 * Writes what `merge` makes of the current record (null where there is none), where the content differs. Every write
 * holds only on top of the version it was made from, so it may run twice, stop anywhere or meet a faster writer. What is
 * kept beside the content is written without a new version. What changes for ever is held back for a while: that it is to be
 * asked for again is then what is stored of the change.
 */
export async function writeVersion(
  context: WriteContext,
  uuid: string,
  known: boolean,
  merge: (current: StoredRecord | null) => StoredRecord | null,
): Promise<Written> {
  const { store, now, expectation } = context;
  let current = known ? await getKnown(store, uuid) : null;
  let tried: StoredRecord | null = null;
  for (let attempt = 0; attempt < attemptLimit; attempt++) {
    if (current && 'end' in current) {
      await takeBack(store, current, { tried, pack: context.pack });
      return 'erased';
    }
    const merged = merge(current?.record ?? null);
    if (!merged) return 'unchanged';
    const packs = withPack(current?.packs ?? null, context.pack);
    if (current && hashOf(merged).hash.equals(current.hash)) {
      const { conversation } = current.record;
      if (sameBookkeeping(conversation, merged.conversation) && packs === current.packs) {
        // A put whose answer was lost and whose repeat was refused by its own first writing.
        if (isOurs(current.record, tried)) await renewAfterSlowPut(context, current.record, current);
        return 'unchanged';
      }
      const kept = { ...current.record, conversation: withBookkeeping(conversation, merged.conversation) };
      if (await putVersion(store, kept, conversation.version, { ...carriedBy(current), packs })) return 'unchanged';
    } else {
      const previous = current?.record.conversation ?? null;
      const next = nextVersion(previous, merged, expectation, now());
      if (current && (await isHeld(context, current, next.conversation))) {
        if (packs === current.packs) return 'unchanged';
        // The pack is written already: whoever erases the record must find it.
        const { version } = current.record.conversation;
        if (await putVersion(store, current.record, version, { ...carriedBy(current), packs })) return 'unchanged';
        current = await getKnown(store, uuid);
        continue;
      }
      tried = next;
      const carried = { history: historyWith(current, tried, context.cause), packs, ...carriedOn(current, tried) };
      if (await putVersion(store, tried, previous?.version ?? 0, carried)) {
        await renewAfterSlowPut(context, tried, carried);
        return previous ? 'updated' : 'discovered';
      }
    }
    current = await getKnown(store, uuid);
  }
  throw new Error(`${uuid}: lost ${attemptLimit} races for one version`);
}

/** Whether the version must wait; then it is noted that the conversation is to be asked for again. */
async function isHeld(
  context: WriteContext,
  { record: { conversation }, history }: KnownRecord,
  next: StoredConversation,
): Promise<boolean> {
  const { cause, now } = context;
  const until = heldUntil({ conversation, history }, next, { cause, now: now() });
  if (until === null) return false;
  await holdBack(context, conversation, until);
  return true;
}

/** Notes that a conversation is to be asked for again when its time has come, in place of a version. */
export async function holdBack(
  { store, now, onRestless }: WriteContext,
  conversation: { connection: string; uuid: string },
  until: number,
): Promise<'unchanged'> {
  if (await hold(store, conversation, until, now())) onRestless?.(conversation.uuid);
  return 'unchanged';
}

const isOurs = ({ conversation }: StoredRecord, tried: StoredRecord | null): boolean =>
  conversation.version === tried?.conversation.version && conversation.updatedAt === tried.conversation.updatedAt;

const carriedBy = ({ history, packs, hold, former }: Carried): Carried => ({ history, packs, hold, former });

/** What a next version carries on of the one before. */
const carriedOn = (current: KnownRecord | null, { conversation }: StoredRecord): Pick<Carried, 'hold' | 'former'> => ({
  hold: current?.hold ?? '',
  former: current ? withFormerRows(current.former, current.record.conversation, conversation) : '',
});

/** The history with this version in it. */
function historyWith(current: KnownRecord | null, { conversation, transcript }: StoredRecord, cause?: Cause): string {
  const previous = current?.record ?? null;
  const transcriptChanged = !isDeepStrictEqual(previous?.transcript ?? null, transcript);
  const changed = changesBetween(previous?.conversation ?? null, conversation, transcriptChanged);
  const kept = current && { conversation: current.record.conversation, history: current.history };
  return extendHistory(kept, { conversation, cause, changed });
}

/**
 * A put that took long may have become visible behind the back of who reads the changes by `updatedAt`: its stamp is
 * renewed, on top of the same version. Refused, a newer version has come, which has a stamp of its own.
 */
async function renewAfterSlowPut(
  { store, now, slowPutMs }: WriteContext,
  record: StoredRecord,
  carried: Carried,
): Promise<void> {
  const { conversation } = record;
  if (now() - Date.parse(conversation.updatedAt) <= slowPutMs) return;
  const renewed = { ...record, conversation: { ...conversation, updatedAt: formatInstant(now()) } };
  await putVersion(store, renewed, conversation.version, carriedBy(carried));
}
