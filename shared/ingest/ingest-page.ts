import pMap from 'p-map';
import { isUnasked, type UnaskedReason } from '#shared/domain/artifact.ts';
import { ProviderUnavailable, RateLimited, RecordInvalid } from '#shared/domain/errors.ts';
import { conversationId, conversationUuid } from '#shared/domain/identity.ts';
import { instantOrder } from '#shared/domain/instant.ts';
import type { Detail, Normalized, Page, RecordReference } from '#shared/providers/connector.ts';
import { type Head, readHeads } from '#shared/storage/conversations.ts';
import { quarantine } from '#shared/storage/quarantine.ts';
import type { IngestContext } from './context.ts';
import { type Ingested, ingestAnswer } from './ingest-answer.ts';

/** What became of a page's records. */
export type PageCounts = Record<Ingested | 'quarantined', number>;

/**
 * `unasked`: there are records among them whose details could not be asked for. `drift`: unknown fields and words that
 * were seen, as field paths.
 */
export type PageResult = { counts: PageCounts; unasked: boolean; drift: ReadonlySet<string> };

/** Records of a page in flight at once: the store's answers overlap, the provider's budget is the limit anyway. */
const concurrency = 8;

/** Details in a row that may fail before the provider, and not a record, must be at fault. */
const failureLimit = 3;

type Listed = { raw: unknown; reference: RecordReference; uuid: string };

/**
 * Stores or quarantines every record of a page; when it returns, the checkpoint may pass. A record that is stored
 * already in this version costs no write. Throws RateLimited when the budget ended before a changed record could be
 * fetched whole: then the page is read again.
 */
export async function ingestPage(context: IngestContext, page: Page): Promise<PageResult> {
  const counts: PageCounts = { discovered: 0, updated: 0, unchanged: 0, quarantined: 0 };
  const listed: Listed[] = [];
  for (const raw of page.records) {
    const found = await orQuarantine(context, raw, null, () => locate(context, raw));
    if (found) listed.push(found);
    else counts.quarantined += 1;
  }
  const groups = Map.groupBy(listed, ({ uuid }) => uuid);
  const heads = await readHeads(context.store, [...groups.keys()]);
  const details = openDetails(context);
  const drift = new Set<string>();
  await inParallel(groups, async ([uuid, records]) => {
    // The same record twice on one page: one after the other, the second on top of the first.
    for (const record of records) {
      await context.keepLease();
      counts[await ingestListed(context, record, page.sentAt, heads.get(uuid) ?? null, details, drift)] += 1;
    }
  });
  return { counts, unasked: details.unasked(), drift };
}

/** Runs them a few at a time. After a failure none is begun, those begun are awaited, and the failure is thrown. */
async function inParallel<T>(items: Iterable<T>, run: (item: T) => Promise<void>): Promise<void> {
  const failures: unknown[] = [];
  await pMap(items, async (item) => failures.length > 0 || run(item).catch((error) => failures.push(error)), {
    concurrency,
  });
  if (failures.length > 0) throw failures[0];
}

function locate({ session, stream }: IngestContext, raw: unknown): Listed {
  const reference = stream.identify(raw);
  return { raw, reference, uuid: conversationUuid(conversationId(session.connection.id, reference.externalId)) };
}

async function ingestListed(
  context: IngestContext,
  { raw, reference }: Listed,
  sentAt: number,
  head: Head | null,
  details: Details,
  drift: Set<string>,
): Promise<keyof PageCounts> {
  if (head && isSameStamp(reference, head)) {
    // A page that was stored but not passed: what was not asked for then is told again.
    if (Object.values(head.conversation.artifacts).some(isUnasked)) details.markUnasked();
    return 'unchanged';
  }
  const ingested = await orQuarantine(context, raw, reference.externalId, async () => {
    const { detail, reason } = await details.fetch(raw, head !== null);
    const seen = withReason(context.stream.normalize({ listed: raw, detail, sentAt }), reason);
    for (const path of seen.drift) drift.add(path);
    return ingestAnswer(context, { ...seen, sentAt }, head);
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

/** The provider's own stamp says that nothing changed since: neither asked for again nor compared. */
function isSameStamp({ stamp }: RecordReference, { conversation }: Head): boolean {
  return stamp !== null && conversation.stamp !== null && instantOrder(stamp) === instantOrder(conversation.stamp);
}

type Details = {
  fetch: (raw: unknown, known: boolean) => Promise<{ detail: Detail | null; reason?: UnaskedReason }>;
  markUnasked: () => void;
  unasked: () => boolean;
};

/**
 * Asks for details while the budget lasts. A new record whose details could not be asked for is stored without them,
 * its artifacts pending: it is better seen than whole. A known one keeps what it has until its page is read again,
 * unless runs have failed over it before: then it is quarantined, so that one record cannot hold up all others.
 */
function openDetails({ stream, session, lastResort }: IngestContext): Details {
  let spent: RateLimited | null = null;
  let failures = 0;
  let unasked = false;
  return {
    unasked: () => unasked,
    markUnasked: () => {
      unasked = true;
    },
    fetch: async (raw, known) => {
      if (!stream.fetchDetail) return { detail: null };
      try {
        if (spent) throw spent;
        const detail = await stream.fetchDetail(session, raw);
        failures = 0;
        return { detail };
      } catch (error) {
        if (error instanceof RateLimited) spent = error;
        else if (!(error instanceof ProviderUnavailable) || ++failures >= failureLimit) throw error;
        if (!known) {
          unasked = true;
          return { detail: null, reason: error === spent ? 'budgetSpent' : 'providerUnavailable' };
        }
        if (lastResort && error !== spent)
          throw new RecordInvalid(['detail: expected an answer, the provider fails for this record'], { cause: error });
        throw error;
      }
    },
  };
}

/** The result, or null where the record was not understood and is now quarantined with its raw bytes. */
async function orQuarantine<T>(
  context: IngestContext,
  raw: unknown,
  externalId: string | null,
  understand: () => T | Promise<T>,
): Promise<T | null> {
  try {
    return await understand();
  } catch (error) {
    if (!(error instanceof RecordInvalid)) throw error;
    const { session, stream, store, now } = context;
    const record = {
      connection: session.connection.id,
      stream: stream.name,
      externalId,
      reason: error.issues.join('; '),
      raw: JSON.stringify(raw) ?? 'null',
    };
    await quarantine(store, record, now());
    return null;
  }
}
