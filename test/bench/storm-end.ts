import { conversationId, conversationUuid } from '#shared/domain/identity.ts';
import { readHeads } from '#shared/storage/conversations.ts';
import type { Store } from '#shared/storage/document-client.ts';
import type { Storm, StormDelivery } from './storm-deliveries.ts';

export type StormEnd = {
  accepted: number;
  /** conversations of accepted deliveries that are not in the table */
  lost: number;
  /** forged deliveries that were accepted, and conversations that only they tell of and that are in the table */
  forgedAccepted: number;
  /** versions beyond the first: everything was told twice, and nothing changed */
  needless: number;
  dead: number;
  facts: { doubled: number; outOfOrder: number; refused: number; conversations: number; failedRuns: number };
};

const callsOf = (deliveries: readonly StormDelivery[]): string[] => [...new Set(deliveries.map(({ call }) => call))];

/** What a storm has left in the table of a connection; `statuses` are the answers to its deliveries. */
export async function countEnd(
  { store, connection }: { store: Store; connection: string },
  { deliveries }: Storm,
  statuses: readonly number[],
): Promise<Pick<StormEnd, 'accepted' | 'lost' | 'forgedAccepted' | 'needless'>> {
  const accepted = deliveries.filter((_, n) => statuses[n] === 202);
  const [told, lies] = [
    callsOf(accepted.filter(({ isForged }) => !isForged)),
    callsOf(deliveries.filter(({ isForged }) => isForged)),
  ];
  const uuidOf = (call: string): string => conversationUuid(conversationId(connection, call));
  const [stored, forged] = [await readHeads(store, told.map(uuidOf)), await readHeads(store, lies.map(uuidOf))];
  const versions = [...stored.values()].map(({ conversation }) => conversation.version);
  return {
    accepted: accepted.length,
    lost: told.length - stored.size,
    forgedAccepted: accepted.filter(({ isForged }) => isForged).length + forged.size,
    needless: versions.filter((version) => version > 1).length,
  };
}

/** What came, for who reads the figures. */
export const factsOf = ({ deliveries, doubled, outOfOrder }: Storm, statuses: readonly number[]) => ({
  doubled,
  outOfOrder,
  refused: statuses.filter((status) => status === 401).length,
  conversations: callsOf(deliveries.filter(({ isForged }) => !isForged)).length,
});
