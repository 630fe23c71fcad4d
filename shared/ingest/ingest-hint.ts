import type { Identity } from '#shared/domain/conversation.ts';
import type { Hint } from '#shared/domain/delivery.ts';
import { RecordInvalid } from '#shared/domain/errors.ts';
import { expectationOf } from '#shared/domain/expectation.ts';
import { identify } from '#shared/domain/identity.ts';
import type { Answer } from '#shared/providers/connector.ts';
import { type Head, readKnown } from '#shared/storage/conversations.ts';
import type { Tombstone } from '#shared/storage/tombstones.ts';
import type { IngestContext } from './context.ts';
import { ingestAnswer } from './ingest-answer.ts';
import { orQuarantine } from './or-quarantine.ts';
import type { Written } from './write-version.ts';

/** What became of a hint. `notThere`: the provider does not have it, or will not give it. */
export type HintEnd = { hint: Hint; became: Written | 'quarantined' | 'notThere'; drift: readonly string[] };

/** The session asks in the live lane and without patience: where the budget is spent RateLimited goes up. */
export type HintRun = Pick<IngestContext, 'connector' | 'session' | 'store' | 'now' | 'slowPutMs'>;

/**
 * Asks the provider for what was hinted at, and ingests it whole as a poll would; what was erased is not asked for. Needs no lease: each put holds on top of
 * the version it was made from only, and of two answers the newer wins in either order. The ends stand in the order of the
 * hints. Throws what the provider and the store throw; whatever was ingested by then is unchanged when it is asked again.
 */
export async function ingestHints(run: HintRun, hints: readonly Hint[]): Promise<HintEnd[]> {
  const known = await readKnown(
    run.store,
    hints.map((hint) => identityOf(run, hint).uuid),
  );
  const isGone = (hint: Hint): boolean => 'end' in (known.get(identityOf(run, hint).uuid) ?? {});
  const ends = new Map(
    hints.map((hint): [Hint, HintEnd] => [hint, { hint, became: isGone(hint) ? 'erased' : 'notThere', drift: [] }]),
  );
  for (const stream of run.connector.streams) {
    const context = contextOf(run, stream);
    const open = hints.filter((hint) => ends.get(hint)?.became === 'notThere');
    const { most } = stream.hinted;
    for (let i = 0; i < open.length; i += most) {
      for (const end of await ingestBatch(context, open.slice(i, i + most), known)) ends.set(end.hint, end);
    }
  }
  return [...ends.values()];
}

const identityOf = ({ connector, session }: HintRun, { externalId }: Pick<Hint, 'externalId'>): Identity =>
  identify(connector.provider, session.connection.id, externalId);

const contextOf = (run: HintRun, stream: IngestContext['stream']): IngestContext => ({
  ...run,
  stream,
  expectation: expectationOf(run.session.connection, run.connector.promised),
  cause: 'webhook',
  lastResort: false,
  keepLease: async () => undefined,
  // Publish asks for copies of what a new version names.
  requestCopies: async () => undefined,
});

/** What was known of the conversations before they were asked for. */
type Known = ReadonlyMap<string, Head | Tombstone>;

async function ingestBatch(context: IngestContext, hints: readonly Hint[], known: Known): Promise<HintEnd[]> {
  const answers = await fetchOrNull(context, hints);
  const ends: HintEnd[] = [];
  for (const [n, hint] of hints.entries()) {
    if (answers) ends.push(await ingestOne(context, hint, answers[n] ?? null, known));
    else if (hints.length > 1) ends.push(...(await ingestBatch(context, [hint], known)));
    else ends.push({ hint, became: 'quarantined', drift: [] });
  }
  return ends;
}

/**
 * Null where the answers themselves were not understood: then each is asked for alone, and quarantined where that does not
 * help either.
 */
async function fetchOrNull(context: IngestContext, hints: readonly Hint[]): Promise<readonly (Answer | null)[] | null> {
  const { session, stream } = context;
  const [first] = hints;
  try {
    return await stream.hinted.fetch(session, hints);
  } catch (error) {
    if (!(error instanceof RecordInvalid) || !first) throw error;
    if (hints.length > 1) return null;
    return orQuarantine(context, first, first.externalId, () => {
      throw error;
    });
  }
}

/** Nothing is left out for its stamp: the sender says that something changed, and the content's hash decides. */
async function ingestOne(context: IngestContext, hint: Hint, answer: Answer | null, known: Known): Promise<HintEnd> {
  if (!answer) return { hint, became: 'notThere', drift: [] };
  const ingested = await orQuarantine(context, answer.listed, hint.externalId, async () => {
    const seen = context.stream.normalize(answer);
    const identity = identityOf(context, seen);
    const isHinted = seen.externalId === hint.externalId;
    const one = (isHinted ? known : await readKnown(context.store, [identity.uuid])).get(identity.uuid);
    const became =
      one && 'end' in one
        ? ('erased' as const)
        : await ingestAnswer(context, { ...seen, sentAt: answer.sentAt, identity }, one ?? null);
    return { became, drift: seen.drift };
  });
  return { hint, ...(ingested ?? { became: 'quarantined', drift: [] }) };
}
