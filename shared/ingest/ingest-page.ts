import { isOpen, isUnasked, type UnaskedReason } from '#shared/domain/artifact.ts';
import type { Identity } from '#shared/domain/conversation.ts';
import { identify } from '#shared/domain/identity.ts';
import { instantOrder } from '#shared/domain/instant.ts';
import type { Work } from '#shared/domain/raw-answer.ts';
import type { Normalized, Page, RecordReference } from '#shared/providers/connector.ts';
import { type Head, readKnown } from '#shared/storage/conversations.ts';
import type { IngestContext } from './context.ts';
import { type AskedDetail, type Details, openDetails } from './details.ts';
import { type Gather, type Gathered, gathering, openGather } from './gather.ts';
import { inParallel } from './in-parallel.ts';
import { newsIn, saysNothingNew } from './ingest-answer.ts';
import { orQuarantine } from './or-quarantine.ts';
import type { Written } from './write-version.ts';

/** What became of a page's records. */
export type PageCounts = Record<Written | 'quarantined', number>;

export const noCounts: Readonly<PageCounts> = { discovered: 0, updated: 0, unchanged: 0, erased: 0, quarantined: 0 };

/**
 * `unasked`: there are records among them whose details could not be asked for. `drift`: unknown fields and words that
 * were seen, as field paths.
 */
export type PageResult = { counts: PageCounts; unasked: boolean; drift: ReadonlySet<string> };

type Listed = { raw: unknown; reference: RecordReference; identity: Identity; sentAt: number; head: Head | null };

type PageRun = {
  context: IngestContext;
  details: Details;
  gather: Gather;
  counts: PageCounts;
  drift: Set<string>;
};

/**
 * Stores or quarantines every record of a page, the raw answers before the versions made of them; when it returns, the
 * checkpoint may pass. A record that is stored already in this version costs no write, and one that was erased is not
 * asked for. `work` names the page, the same when it is read again. Throws RateLimited when the budget ended before a
 * changed record could be fetched whole: then the page is read again.
 */
export async function ingestPage(context: IngestContext, page: Page, work: Work): Promise<PageResult> {
  const counts: PageCounts = { ...noCounts };
  const gather = openGather(context, work);
  const run: PageRun = { context, details: openDetails(context), gather, counts, drift: new Set() };
  const groups = Map.groupBy(await locateAll(run, page), ({ identity }) => identity.uuid);
  const known = await readKnown(context.store, [...groups.keys()]);
  const open: Listed[][] = [];
  for (const [uuid, records] of groups) {
    const head = known.get(uuid) ?? null;
    if (head && 'end' in head) {
      counts.erased += records.length;
      continue;
    }
    const changed = records.filter((record) => !isKnown(run, { ...record, head }));
    counts.unchanged += records.length - changed.length;
    if (changed.length > 0) open.push(changed.map((record) => ({ ...record, head })));
  }
  const batches = batchesOf(open, context.stream.details?.most ?? 1);
  await gathering(gather, () => inParallel(batches, (batch) => ingestBatch(run, batch)));
  return { counts, unasked: run.details.unasked(), drift: run.drift };
}

async function locateAll({ context, counts }: PageRun, page: Page): Promise<Omit<Listed, 'head'>[]> {
  const { connector, session, stream } = context;
  const listed: Omit<Listed, 'head'>[] = [];
  for (const raw of page.records) {
    const reference = await orQuarantine(context, raw, null, () => stream.identify(raw));
    if (!reference) {
      counts.quarantined += 1;
      continue;
    }
    const identity = identify(connector.provider, session.connection.id, reference.externalId);
    listed.push({ raw, reference, identity, sentAt: page.sentAt });
  }
  return listed;
}

/** Whether a record is stored as it is listed: by the provider's stamp, else by what the list says of it. */
function isKnown({ context, details }: PageRun, { head, reference, raw, sentAt }: Listed): boolean {
  if (!head) return false;
  if (!isSameStamp(reference, head) && !isListedAlike(context, head, raw, sentAt)) return false;
  if (context.asksAgain?.() && hasOpenArtifact(head.conversation)) return false;
  // A page that was stored but not passed: what was not asked for then is told again.
  if (Object.values(head.conversation.artifacts).some(isUnasked)) details.markUnasked();
  return true;
}

const hasOpenArtifact = ({ artifacts }: Head['conversation']): boolean =>
  Object.values(artifacts).some(({ state }) => isOpen(state));

/** The provider's own stamp says that nothing changed since: neither asked for again nor compared. */
function isSameStamp({ stamp }: RecordReference, { conversation }: Head): boolean {
  return stamp !== null && conversation.stamp !== null && instantOrder(stamp) === instantOrder(conversation.stamp);
}

/** Without a stamp and with details to be asked for, the list alone must tell. */
function isListedAlike(context: IngestContext, head: Head, raw: unknown, sentAt: number): boolean {
  const { stream } = context;
  if (!stream.details || head.conversation.stamp !== null) return false;
  try {
    return saysNothingNew(context, head, { ...stream.normalize({ listed: raw, detail: null, sentAt }), sentAt });
  } catch {
    // Not understood: it is quarantined when it is ingested.
    return false;
  }
}

function batchesOf<T>(items: readonly T[], most: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / most) }, (_, i) => items.slice(i * most, (i + 1) * most));
}

/** The same record twice on one page: the second goes on top of the first. */
async function ingestBatch(run: PageRun, batch: readonly (readonly Listed[])[]): Promise<void> {
  for (let turn = 0; batch.some((records) => records.length > turn); turn++) {
    await run.context.keepLease();
    const records = batch.flatMap((group) => group[turn] ?? []);
    const asked = await run.details.fetch(records.map(({ raw }) => raw));
    await inParallel([...records.entries()], async ([i, record]) => {
      const became = await ingestListed(run, record, () => asked(i, record.head !== null));
      if (became) run.counts[became] += 1;
    });
  }
}

/** Null where it was gathered: what becomes of it is counted when it is written. */
async function ingestListed(
  { context, gather, counts, drift }: PageRun,
  { raw, reference, identity, head, sentAt }: Listed,
  detailOf: () => AskedDetail,
): Promise<'unchanged' | 'quarantined' | null> {
  const understood = await orQuarantine(context, raw, reference.externalId, () => {
    const { detail, reason } = detailOf();
    const answer = { listed: raw, detail, sentAt };
    const seen = withReason(context.stream.normalize(answer), reason);
    for (const path of seen.drift) drift.add(path);
    return { answer, news: newsIn(context, { ...seen, sentAt, identity }, head) };
  });
  if (!understood) return 'quarantined';
  const { answer, news } = understood;
  if (!news) return 'unchanged';
  const written: Gathered['written'] = async (write) => {
    const became = await orQuarantine(context, raw, reference.externalId, write);
    counts[became ?? 'quarantined'] += 1;
    return became;
  };
  await gather.add({ news, answer, written });
  return null;
}

/** "We failed to ask" is not "not ready yet": what is pending for want of an answer says so. */
function withReason(seen: Normalized, reason: UnaskedReason | undefined): Normalized {
  if (!reason) return seen;
  const artifacts = Object.entries(seen.artifacts).map(([kind, finding]) => [
    kind,
    finding.state === 'pending' ? { ...finding, reason } : finding,
  ]);
  return { ...seen, artifacts: Object.fromEntries(artifacts) };
}
