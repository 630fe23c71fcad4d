import { isOpen, isUnasked, type UnaskedReason } from '#shared/domain/artifact.ts';
import type { Identity } from '#shared/domain/conversation.ts';
import { identify } from '#shared/domain/identity.ts';
import { instantOrder } from '#shared/domain/instant.ts';
import type { Normalized, Page, RecordReference } from '#shared/providers/connector.ts';
import { type Head, readKnown } from '#shared/storage/conversations.ts';
import type { IngestContext } from './context.ts';
import { type AskedDetail, type Details, openDetails } from './details.ts';
import { ingestAnswer, saysNothingNew } from './ingest-answer.ts';
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

/** Askings of a page in flight at once: the store's answers overlap, the provider's budget is the limit anyway. */
const concurrency = 8;

type Listed = { raw: unknown; reference: RecordReference; identity: Identity; sentAt: number; head: Head | null };

type PageRun = { context: IngestContext; details: Details; counts: PageCounts; drift: Set<string> };

/**
 * Stores or quarantines every record of a page; when it returns, the checkpoint may pass. A record that is stored
 * already in this version costs no write, and one that was erased is not asked for. Throws RateLimited when the budget ended before a changed record could be
 * fetched whole: then the page is read again.
 */
export async function ingestPage(context: IngestContext, page: Page): Promise<PageResult> {
  const counts: PageCounts = { ...noCounts };
  const run: PageRun = { context, details: openDetails(context), counts, drift: new Set() };
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
  await inParallel(batchesOf(open, context.stream.details?.most ?? 1), (batch) => ingestBatch(run, batch));
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

/** The same record twice on one page: one after the other, the second on top of the first. */
async function ingestBatch(run: PageRun, batch: readonly (readonly Listed[])[]): Promise<void> {
  for (let turn = 0; batch.some((records) => records.length > turn); turn++) {
    await run.context.keepLease();
    const records = batch.flatMap((group) => group[turn] ?? []);
    const asked = await run.details.fetch(records.map(({ raw }) => raw));
    // One after the other would leave the store's answers waiting for each other.
    await inParallel([...records.entries()], async ([i, record]) => {
      await run.context.keepLease();
      run.counts[await ingestListed(run, record, () => asked(i, record.head !== null))] += 1;
    });
  }
}

async function ingestListed(
  { context, drift }: PageRun,
  { raw, reference, identity, head, sentAt }: Listed,
  detailOf: () => AskedDetail,
): Promise<keyof PageCounts> {
  const ingested = await orQuarantine(context, raw, reference.externalId, () => {
    const { detail, reason } = detailOf();
    const seen = withReason(context.stream.normalize({ listed: raw, detail, sentAt }), reason);
    for (const path of seen.drift) drift.add(path);
    return ingestAnswer(context, { ...seen, sentAt, identity }, head);
  });
  return ingested ?? 'quarantined';
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

/**
 * Runs them a few at a time. After a failure none is begun, those begun are awaited, and the failure is thrown. Few take
 * turns at one queue: a library's bookkeeping for each of them was a sixth of all the work on a record.
 */
async function inParallel<T>(items: readonly T[], run: (item: T) => Promise<void>): Promise<void> {
  const failures: unknown[] = [];
  const waiting = items.values();
  const work = async (): Promise<void> => {
    for (const item of waiting) {
      if (failures.length > 0) return;
      await run(item).catch((error) => failures.push(error));
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, items.length) }, work));
  if (failures.length > 0) throw failures[0];
}
