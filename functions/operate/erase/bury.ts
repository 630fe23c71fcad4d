import { holdOf, packsOf, unpackRecord } from '#shared/storage/conversation-item.ts';
import { getItem } from '#shared/storage/conversations.ts';
import type { Store } from '#shared/storage/document-client.ts';
import { removeParticipantRow } from '#shared/storage/participant-rows.ts';
import { type Remains, readRemains, remainsOf, writeRemains } from '#shared/storage/remains.ts';
import { removeMedia, removeUnder } from '#shared/storage/remove-objects.ts';
import { putTombstone, type Tombstone, type TombstoneEnd, toTombstone } from '#shared/storage/tombstones.ts';

/** A conversation that this operation has ended, with what is still to be removed of it. */
export type Buried = { stone: Tombstone; remains: Remains };

export type Burial = { operation: string; end: TombstoneEnd; now: () => number };

/** Writers that may be faster in a row before something must be wrong. */
const attemptLimit = 20;

/**
 * Puts a tombstone over a conversation, behind which nothing brings it back. `held` is the id of one under a legal hold,
 * which stays untouched; null where there is none, or another operation has ended it, or nothing is left to be done.
 */
export async function bury(
  store: Store,
  uuid: string,
  { operation, end, now }: Burial,
): Promise<Buried | { held: string } | null> {
  for (let attempt = 0; attempt < attemptLimit; attempt++) {
    const item = await getItem(store, uuid, true);
    if (!item) return null;
    const known = toTombstone(item);
    if (known) return known.operation === operation ? buriedOf(known) : null;
    const { id, provider, connection, externalId, version } = unpackRecord(item);
    if (holdOf(item) !== '') return { held: id };
    const remains = remainsOf(item);
    const stone: Tombstone = {
      ...{ id, uuid, provider, connection, externalId, end, operation },
      ...{ version: version + 1, at: new Date(now()).toISOString(), remains: writeRemains(remains) },
    };
    if (await putTombstone(store, stone, packsOf(item))) return { stone, remains };
  }
  throw new Error(`${uuid}: lost ${attemptLimit} races for one tombstone`);
}

/** What is left of a conversation that this operation has ended before. */
function buriedOf(stone: Tombstone): Buried | null {
  const remains = readRemains(stone.remains);
  return remains && { stone, remains };
}

/** Removes what lies beside the item: its transcripts, its bytes, its rows by participant. */
export async function clear(store: Store, { stone: { uuid }, remains }: Buried): Promise<void> {
  await removeUnder(store, `transcripts/${uuid}/`);
  await removeMedia(store, uuid);
  for (const key of remains.rows) await removeParticipantRow(store, key);
}
