import type { Identity } from '#shared/domain/conversation.ts';
import type { Hint } from '#shared/domain/delivery.ts';
import { RecordInvalid } from '#shared/domain/errors.ts';
import { expectationOf } from '#shared/domain/expectation.ts';
import { identify } from '#shared/domain/identity.ts';
import type { Work } from '#shared/domain/raw-answer.ts';
import type { Answer } from '#shared/providers/connector.ts';
import { type Head, readKnown } from '#shared/storage/conversations.ts';
import type { Tombstone } from '#shared/storage/tombstones.ts';
import type { IngestContext } from './context.ts';
import { type Gather, type Gathered, gathering, openGather } from './gather.ts';
import { newsIn } from './ingest-answer.ts';
import { orQuarantine } from './or-quarantine.ts';
import type { Written } from './write-version.ts';

/** What became of a hint. `notThere`: the provider does not have it, or will not give it. */
export type HintEnd = { hint: Hint; became: Written | 'quarantined' | 'notThere'; drift: readonly string[] };

/** The session asks in the live lane and without patience: where the budget is spent RateLimited goes up. */
export type HintRun = Pick<IngestContext, 'connector' | 'session' | 'store' | 'now' | 'slowPutMs' | 'onRestless'> &
  // A webhook, and without a lease, where they are not named.
  Partial<Pick<IngestContext, 'cause' | 'keepLease'>> & {
    /** the delivery or the gaps of an hour, the same when they come again */
    work: Work;
  };

/**
 * Asks the provider for what was hinted at, and ingests it whole as a poll would; what was erased is not asked for. Needs
 * no lease: each put holds on top of the version it was made from only, and of two answers the newer wins in either order.
 * The ends stand in the order of the hints. Throws what the provider and the store throw; whatever was ingested by then is unchanged when it is asked again.
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
    const gather = openGather(context, run.work);
    await gathering(gather, async () => {
      for (let i = 0; i < open.length; i += most) {
        const batch = { known, gather, hints: open.slice(i, i + most) };
        for (const end of await ingestBatch(context, batch)) ends.set(end.hint, end);
      }
    });
  }
  return [...ends.values()];
}

const identityOf = (
  { connector, session }: Pick<HintRun, 'connector' | 'session'>,
  { externalId }: Pick<Hint, 'externalId'>,
): Identity => identify(connector.provider, session.connection.id, externalId);

const contextOf = (run: HintRun, stream: IngestContext['stream']): IngestContext => ({
  cause: 'webhook',
  keepLease: async () => undefined,
  ...run,
  stream,
  expectation: expectationOf(run.session.connection, run.connector.promised),
  lastResort: false,
  // Publish asks for copies of what a new version names.
  requestCopies: async () => undefined,
});

type Batch = {
  /** what was known of the conversations before they were asked for */
  known: ReadonlyMap<string, Head | Tombstone>;
  gather: Gather;
  hints: readonly Hint[];
};

async function ingestBatch(context: IngestContext, batch: Batch): Promise<HintEnd[]> {
  const { hints } = batch;
  const answers = await fetchOrNull(context, hints);
  const ends: HintEnd[] = [];
  for (const [n, hint] of hints.entries()) {
    if (answers) ends.push(await ingestOne(context, batch, hint, answers[n] ?? null));
    else if (hints.length > 1) ends.push(...(await ingestBatch(context, { ...batch, hints: [hint] })));
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

/**
 * Nothing is left out for its stamp: the sender says that something changed, and the content's hash decides. What becomes
 * of it stands in its end once it is written.
 */
async function ingestOne(
  context: IngestContext,
  { known, gather }: Batch,
  hint: Hint,
  answer: Answer | null,
): Promise<HintEnd> {
  if (!answer) return { hint, became: 'notThere', drift: [] };
  const understood = await orQuarantine(context, answer.listed, hint.externalId, async () => {
    const seen = context.stream.normalize(answer);
    const identity = identityOf(context, seen);
    const isHinted = seen.externalId === hint.externalId;
    const one = (isHinted ? known : await readKnown(context.store, [identity.uuid])).get(identity.uuid) ?? null;
    if (one && 'end' in one) return { became: 'erased' as const, drift: seen.drift, news: null };
    const news = newsIn(context, { ...seen, sentAt: answer.sentAt, identity }, one);
    return { became: 'unchanged' as const, drift: seen.drift, news };
  });
  if (!understood) return { hint, became: 'quarantined', drift: [] };
  const { became, drift, news } = understood;
  const end: HintEnd = { hint, became, drift };
  if (news) {
    const written: Gathered['written'] = async (write) => {
      const stored = await orQuarantine(context, answer.listed, hint.externalId, write);
      end.became = stored ?? 'quarantined';
      return stored;
    };
    await gather.add({ news, answer, written });
  }
  return end;
}
