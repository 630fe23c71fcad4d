import type { Identity } from '#shared/domain/conversation.ts';
import { identify } from '#shared/domain/identity.ts';
import type { Store } from '#shared/storage/document-client.ts';
import type { ErasurePlan } from '#shared/storage/erasure-plan.ts';
import { removeQuarantinedIds, removeQuarantinedOf } from '#shared/storage/remove-quarantined.ts';
import { putTombstone } from '#shared/storage/tombstones.ts';
import type { Buried } from './bury.ts';

type Run = { operation: string; now: () => number };

/**
 * Removes what is quarantined of these conversations, and whatever of it mentions the participant: those records were never
 * stored, and a tombstone keeps them from being quarantined again. Gives counts, a step each.
 */
export async function* clearQuarantine(
  store: Store,
  { participant, connections }: ErasurePlan,
  buried: readonly Buried[],
  run: Run,
): AsyncGenerator<number, void, void> {
  for (const [connection, ones] of Map.groupBy(buried, ({ stone }) => stone.connection)) {
    yield await removeQuarantinedIds(store, connection, new Set(ones.map(({ stone }) => stone.externalId)));
  }
  if (participant === null) return;
  for (const { id, provider } of connections) {
    yield await removeQuarantinedOf(store, id, participant, async (externalId) => {
      if (provider !== null) await buryUnseen(store, identify(provider, id, externalId), run);
    });
  }
}

/** Where a conversation is stored under that id, it is of others: then it stays. */
const buryUnseen = (store: Store, identity: Identity, { operation, now }: Run): Promise<boolean> =>
  putTombstone(store, {
    ...identity,
    ...{ version: 1, end: 'erased', at: new Date(now()).toISOString(), operation, remains: '' },
  });
