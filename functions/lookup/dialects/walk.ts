import pMap from 'p-map';
import type { StoredConversation } from '#shared/domain/conversation.ts';
import { indexes, tableKeys } from '#shared/facts/table.ts';
import type { ConversationItem } from '#shared/storage/conversation-item.ts';
import { glanceAtRecord } from '#shared/storage/glance.ts';
import { type IndexRead, walkIndex } from '#shared/storage/walk-index.ts';
import type { Call } from '../call.ts';
import { Problem } from '../http/problem.ts';
import { type VisibleConnection, visibleConnections } from '../records/visible-connections.ts';

/**
 * Lists by page number or offset, with exact totals, in an order that no index has: all keys are read, sorted and
 * counted. Whoever can page by a cursor does so at `/v1`.
 */

/** Most index keys that one list may walk (design.md section 4). */
export const mostWalked = 100_000;

/** By what a list is sorted: text of `stampPlace`, a length in milliseconds, or null for a record that has none. */
export type SortValue = string | number | null;

export type Walk = {
  /** what must be read of a connection to miss nothing (walk-plan.ts) */
  readsOf: (connection: VisibleConnection) => readonly IndexRead[];
  /** the place of a conversation that passes the filters; undefined for any other */
  placeOf: (conversation: StoredConversation) => SortValue | undefined;
  /** whether a row whose key alone was read passes: what it is sorted by is all that was asked for */
  keyFits: (place: string) => boolean;
  /** nulls come first upwards and last downwards, as at Salesloft */
  order: 'asc' | 'desc';
};

const concurrency = 16;

/**
 * The uuids of all conversations that the caller may see and that pass, in order; ties by uuid. Throws a 400 where more
 * keys than allowed would have to be walked.
 */
export async function walk(call: Call, { readsOf, placeOf, keyFits, order }: Walk): Promise<readonly string[]> {
  const connections = await visibleConnections(call);
  const places = new Map<string, SortValue>();
  let walked = 0;
  const readAll = async (connection: string, read: IndexRead): Promise<void> => {
    for await (const rows of walkIndex(call.lookup.store, connection, read)) {
      walked += rows.length;
      if (walked > mostWalked) throw tooMany();
      for (const row of rows) {
        const uuid = String(row[tableKeys.partition]);
        const value = read.carries === 'keys' ? valueOfKeys(row, read, keyFits) : placeOf(glanceAtRecord(row));
        // What is written meanwhile moves to the end of `byUpdate` and is seen twice: the later sight holds.
        if (value === undefined) places.delete(uuid);
        else places.set(uuid, value);
      }
    }
  };
  const reads = connections.flatMap((connection) => readsOf(connection).map((read) => [connection.id, read] as const));
  await pMap(reads, ([id, read]) => readAll(id, read), { concurrency });
  return inOrder(places, order);
}

const tooMany = (): Problem =>
  new Problem(400, {
    code: 'tooManyRecords',
    message: `More than ${mostWalked} conversations would have to be looked through: narrow the dates.`,
  });

function valueOfKeys(row: ConversationItem, { index }: IndexRead, keyFits: Walk['keyFits']): string | undefined {
  const [instant = ''] = String(row[indexes[index].sort]).split('#');
  // Ours have milliseconds and a Z, so their place needs no parsing: this is done a hundred thousand times.
  const value = `${instant.slice(0, -1)}000`;
  return keyFits(value) ? value : undefined;
}

/** The uuids in the order of their values. */
function inOrder(places: ReadonlyMap<string, SortValue>, order: Walk['order']): string[] {
  const sign = order === 'asc' ? 1 : -1;
  return [...places].sort((a, b) => sign * compare(a, b)).map(([uuid]) => uuid);
}

type Place = readonly [uuid: string, value: SortValue];

function compare([aUuid, a]: Place, [bUuid, b]: Place): number {
  if (a === b) return aUuid < bUuid ? -1 : 1;
  if (a === null || b === null) return a === null ? -1 : 1;
  return a < b ? -1 : 1;
}

/** The same order over conversations that are at hand already. */
export function sortedPlaces(
  conversations: readonly StoredConversation[],
  { placeOf, order }: Pick<Walk, 'placeOf' | 'order'>,
): readonly string[] {
  const places = new Map<string, SortValue>();
  for (const conversation of conversations) {
    const value = placeOf(conversation);
    if (value !== undefined) places.set(conversation.uuid, value);
  }
  return inOrder(places, order);
}
