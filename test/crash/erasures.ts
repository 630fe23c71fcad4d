import { Problem } from '#functions/lookup/http/problem.ts';
import { beginErasure } from '#functions/lookup/operations/erasures.ts';
import { knownConnections } from '#functions/lookup/records/known-connections.ts';
import { erasureRunner } from '#functions/operate/erasure.ts';
import { expectationOf } from '#shared/domain/expectation.ts';
import { indexBatch } from '#shared/publish/index-batch.ts';
import type { Deployed } from './deployed.ts';
import { passGate } from './gate.ts';
import { type Account, transitionsOf } from './outcome.ts';

/** Asks for the erasure of the world's person as a client does, which asks again while it has no answer. */
export async function askForErasure({ world, store, clock }: Deployed): Promise<void> {
  const { connection, person } = world;
  if (!person) throw new Error('the world names nobody');
  const file = { connections: [connection], clients: [], corsOrigins: [] };
  const lookup = { store, file, now: clock.now, connections: knownConnections(file, store, clock.now) };
  try {
    const { participant, gone } = person;
    await beginErasure({ lookup, caller: { connections: null } }, { participant, expectedCount: gone.length });
  } catch (error) {
    // Asked for before, and by now there is less to be found.
    if (!(error instanceof Problem) || error.fault.code !== 'otherCount') throw error;
  }
}

/** Works erasures off; while one waits for its last event, the table's stream is published. */
export const erasures = ({ world, connector, store, clock }: Deployed, publish: () => Promise<boolean>) =>
  erasureRunner({
    ...{ store, deadLetters: store, inboxes: [], waitSeconds: 1 },
    clock: {
      ...clock,
      sleep: async (ms) => {
        await publish();
        await clock.sleep(ms);
      },
    },
    writingOf: () => ({ slowPutMs: 5_000, expectation: expectationOf(world.connection, connector.promised) }),
  });

/** Brings the table's stream to the function of participants, as far as nobody has. */
export function indexer({ world, clock }: Deployed, { feed, store }: Account, begin: string): () => Promise<void> {
  let position = begin;
  return async () => {
    if (!world.person) return;
    const records = await passGate('ReadStream, participants', () => feed.read(store.table, position, 100));
    await indexBatch(store, transitionsOf(records), clock.now());
    await passGate('MovePlace', async () => {
      position = records.at(-1)?.dynamodb.SequenceNumber ?? position;
    });
  };
}
