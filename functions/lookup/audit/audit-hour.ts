import type { ProviderName } from '#shared/domain/conversation.ts';
import { booksOf, type Known, ledgerStamps } from '#shared/domain/hour-books.ts';
import { formatInstant } from '#shared/domain/instant.ts';
import { firstRun, hourMs } from '#shared/domain/ledger.ts';
import { getIds } from '#shared/storage/ledger-ids.ts';
import type { HourRow } from '#shared/storage/ledger-rows.ts';
import { knownIn } from '#shared/storage/standings.ts';
import { datedSpan, walkIndex } from '#shared/storage/walk-index.ts';
import type { Call } from '../call.ts';
import type { VisibleConnection } from '../records/visible-connections.ts';
import type { AuditHour } from './audit-schema.ts';

/** What a request may still do; counted down. */
export type Effort = { pages: number; objects: number };

/** Every kind shows these, the others where there are some. */
const shownStates = { ready: 0, pending: 0, absent: 0, overdue: 0 };

const withStates = (artifacts: HourRow['artifacts']): AuditHour['artifacts'] =>
  Object.fromEntries(Object.entries(artifacts).map(([kind, states]) => [kind, { ...shownStates, ...states }]));

/** An hour that was read; of gaps that its row does not hold the ids come from the bucket, while the effort allows. */
export async function fromRow({ lookup }: Call, row: HourRow, effort: Effort): Promise<AuditHour> {
  const { connection, hour, verifiedAt, computedAt } = row;
  const { listed, stored, quarantined, erased, expired, missingAtSource } = row;
  const all = row.isCut && effort.objects-- > 0 ? (await getIds(lookup.store, row)).gaps.map(([id]) => id) : row.gaps;
  return {
    ...{ connection, hour: formatInstant(hour), listed, stored, quarantined, erased, expired, missingAtSource },
    ...{ artifacts: withStates(row.artifacts), verifiedAt, computedAt, gaps: all },
  };
}

/** As far from its stamp of creation as a conversation is looked for by its start (milliseconds). */
const aroundMs = { before: 3 * hourMs, behind: hourMs };

/**
 * Hours that no reading has told of yet, by what is stored: the newest ones in a row first, as far as the effort goes. Of
 * the others nothing is said.
 */
export async function countUnread(
  call: Call,
  account: VisibleConnection,
  hours: readonly number[],
  effort: Effort,
): Promise<Map<number, AuditHour>> {
  const shown = new Map<number, AuditHour>();
  for (let left = [...hours].reverse(); left.length > 0; ) {
    const run = lastRun(left);
    left = left.slice(run.length);
    const found = await storedIn(call, account, run, effort);
    const ids = Map.groupBy(found?.keys() ?? [], (id) => found?.get(id)?.hour ?? 0);
    for (const hour of run) {
      const books = booksOf(
        hour,
        { listed: ids.get(hour) ?? [], unlisted: [] },
        { standings: found ?? new Map(), quarantined: [] },
      );
      const computedAt = found && formatInstant(call.lookup.now());
      shown.set(hour, {
        ...{ connection: account.id, hour: formatInstant(hour), ...books, gaps: [] },
        ...{ artifacts: withStates(books.artifacts), verifiedAt: null, computedAt },
      });
    }
  }
  return shown;
}

/** The first of hours in falling order that follow one upon the other. */
const lastRun = (hours: readonly number[]): number[] =>
  firstRun(
    hours.map((hour) => -hour),
    hours.length,
  ).map((hour) => -hour);

async function storedIn(
  { lookup }: Call,
  { id, provider }: VisibleConnection,
  run: readonly number[],
  effort: Effort,
): Promise<Map<string, Known> | null> {
  const stamp =
    provider !== undefined && provider in ledgerStamps ? ledgerStamps[provider as ProviderName] : 'startedAt';
  const around = stamp === 'startedAt' ? { before: 0, behind: 0 } : aroundMs;
  const from = (run.at(-1) ?? 0) - around.before;
  const to = (run[0] ?? 0) + hourMs - 1 + around.behind;
  const found = new Map<string, Known>();
  if (effort.pages <= 0) return null;
  const pages = walkIndex(lookup.store, id, { index: 'byStart', span: datedSpan(from, to), carries: 'record' });
  for await (const items of pages) {
    effort.pages -= 1;
    for (const [externalId, known] of knownIn(items, stamp)) found.set(externalId, known);
    // A full page has more behind it, as likely as not.
    if (effort.pages <= 0 && items.length > 1_000) return null;
  }
  return found;
}
