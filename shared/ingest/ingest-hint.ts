import type { Hint } from '#shared/domain/delivery.ts';
import { RecordInvalid } from '#shared/domain/errors.ts';
import { expectationOf } from '#shared/domain/expectation.ts';
import { identify } from '#shared/domain/identity.ts';
import type { Answer } from '#shared/providers/connector.ts';
import { readHeads } from '#shared/storage/conversations.ts';
import type { IngestContext } from './context.ts';
import { ingestAnswer } from './ingest-answer.ts';
import { orQuarantine } from './or-quarantine.ts';
import type { Written } from './write-version.ts';

/** What became of a hint. `notThere`: the provider does not have it, or will not give it. */
export type HintEnd = { hint: Hint; became: Written | 'quarantined' | 'notThere'; drift: readonly string[] };

/** The session asks in the live lane and without patience: where the budget is spent RateLimited goes up. */
export type HintRun = Pick<IngestContext, 'connector' | 'session' | 'store' | 'now' | 'slowPutMs'>;

/**
 * Asks the provider for what was hinted at, and ingests it whole as a poll would. Needs no lease: each put holds on top of
 * the version it was made from only, and of two answers the newer wins in either order. The ends stand in the order of the
 * hints. Throws what the provider and the store throw; whatever was ingested by then is unchanged when it is asked again.
 */
export async function ingestHints(run: HintRun, hints: readonly Hint[]): Promise<HintEnd[]> {
  const ends = new Map(hints.map((hint): [Hint, HintEnd] => [hint, { hint, became: 'notThere', drift: [] }]));
  for (const stream of run.connector.streams) {
    const context = contextOf(run, stream);
    const open = hints.filter((hint) => ends.get(hint)?.became === 'notThere');
    const { most } = stream.hinted;
    for (let i = 0; i < open.length; i += most) {
      for (const end of await ingestBatch(context, open.slice(i, i + most))) ends.set(end.hint, end);
    }
  }
  return [...ends.values()];
}

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

async function ingestBatch(context: IngestContext, hints: readonly Hint[]): Promise<HintEnd[]> {
  const answers = await fetchOrNull(context, hints);
  const ends: HintEnd[] = [];
  for (const [n, hint] of hints.entries()) {
    if (answers) ends.push(await ingestOne(context, hint, answers[n] ?? null));
    else if (hints.length > 1) ends.push(...(await ingestBatch(context, [hint])));
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
async function ingestOne(context: IngestContext, hint: Hint, answer: Answer | null): Promise<HintEnd> {
  if (!answer) return { hint, became: 'notThere', drift: [] };
  const { connector, session, store, stream } = context;
  const ingested = await orQuarantine(context, answer.listed, hint.externalId, async () => {
    const seen = stream.normalize(answer);
    const identity = identify(connector.provider, session.connection.id, seen.externalId);
    const head = (await readHeads(store, [identity.uuid])).get(identity.uuid) ?? null;
    const became = await ingestAnswer(context, { ...seen, sentAt: answer.sentAt, identity }, head);
    return { became, drift: seen.drift };
  });
  return { hint, ...(ingested ?? { became: 'quarantined', drift: [] }) };
}
