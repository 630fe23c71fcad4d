import { ProviderUnavailable } from '#shared/domain/errors.ts';
import { type Head, readHeads } from '#shared/storage/conversations.ts';
import { type Held, listHeld, release } from '#shared/storage/held.ts';
import type { IngestContext } from './context.ts';
import { type HintEnd, ingestHints } from './ingest-hint.ts';

/** How often the due lane looks: a query each time, and so late a held state may come behind its hour. */
const everyMs = 600_000;

/** A conversation that its provider does not give any more is asked for no longer than this. */
const givenUpAfterMs = 86_400_000;

/**
 * Asks for the newest state of conversations whose versions were held back (shared/domain/restless.ts) and whose time has
 * come. Each is released behind what it brought, so that a stop in between only has it asked for again. `lookedAt` is when
 * the lane last came by. Gives how many records changed.
 */
export async function askHeld(context: IngestContext, lookedAt: number): Promise<number> {
  const { store, session, stream } = context;
  const now = context.now();
  if (Math.floor(lookedAt / everyMs) === Math.floor(now / everyMs)) return 0;
  const held = (await listHeld(store, session.connection.id)).filter(({ due }) => due <= now);
  const { most } = stream.hinted;
  let changed = 0;
  for (let i = 0; i < held.length; i += most) {
    await context.keepLease();
    changed += await askBatch(context, held.slice(i, i + most));
  }
  return changed;
}

async function askBatch(context: IngestContext, held: readonly Held[]): Promise<number> {
  const { store, session, now } = context;
  const heads = await readHeads(
    store,
    held.map(({ uuid }) => uuid),
  );
  const stored = held.flatMap(({ uuid }) => heads.get(uuid) ?? []);
  const ends = await fetchOrLater(context, stored, held);
  for (const one of held) {
    const became = ends.get(one.uuid);
    // What was erased since is asked for no more.
    const isOver = !heads.has(one.uuid) || (became !== undefined && became !== 'notThere');
    if (isOver || now() - one.due > givenUpAfterMs) await release(store, session.connection.id, one, now());
  }
  return [...ends.values()].filter((became) => became === 'updated').length;
}

type Ends = ReadonlyMap<string, HintEnd['became']>;

/** What became of each, by uuid; of none where the provider fails for these: they stay held, and the lane goes on. */
async function fetchOrLater(context: IngestContext, heads: readonly Head[], [first]: readonly Held[]): Promise<Ends> {
  const work = { key: ['held', first?.uuid ?? null, first?.due ?? null], at: first?.due ?? 0 };
  const hints = heads.map(({ conversation: { externalId, startedAt } }) => ({ externalId, startedAt }));
  try {
    const ends = await ingestHints({ ...context, work }, hints);
    return new Map(heads.map(({ conversation }, i) => [conversation.uuid, ends[i]?.became ?? 'notThere']));
  } catch (error) {
    if (error instanceof ProviderUnavailable) return new Map();
    throw error;
  }
}
