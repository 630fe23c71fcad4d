import type { ProviderName } from '#shared/domain/conversation.ts';
import {
  aroundCreationMs,
  booksOf,
  type Known,
  type LedgerStamp,
  ledgerStamps,
  type QuarantinedIn,
  type Standings,
} from '#shared/domain/hour-books.ts';
import { formatInstant } from '#shared/domain/instant.ts';
import { firstRun, hourMs } from '#shared/domain/ledger.ts';
import { startedAtOf } from '#shared/storage/conversation-item.ts';
import { knownIn, standingsOf, walkQuarantined } from '#shared/storage/standings.ts';
import { datedSpan, walkIndex } from '#shared/storage/walk-index.ts';
import type { Call } from '../call.ts';
import type { VisibleConnection } from '../records/visible-connections.ts';
import { type Effort, spend, withStates } from './audit-hour.ts';
import type { AuditHour } from './audit-schema.ts';

/**
 * Hours that no reading has told of yet, by what is stored and quarantined: the newest first, as far as the effort goes. Of
 * the others it is said that they were not computed.
 */
export async function countUnread(
  call: Call,
  account: VisibleConnection,
  hours: readonly number[],
  effort: Effort,
): Promise<Map<number, AuditHour>> {
  const shown = new Map<number, AuditHour>();
  const quarantined = hours.length === 0 ? [] : await allQuarantined(call, account, effort);
  for (let left = hours.toReversed(); left.length > 0; ) {
    const run = lastRun(left);
    left = left.slice(run.length);
    const found = quarantined && (await findRun(call, account, { run, quarantined }, effort));
    const ids = Map.groupBy(found?.stored.keys() ?? [], (id) => found?.stored.get(id)?.hour ?? 0);
    for (const hour of run) {
      const isCounted = found !== null && hour >= found.countedFrom;
      const books = booksOf(
        hour,
        { listed: (isCounted && ids.get(hour)) || [], unlisted: [] },
        { standings: found?.standings ?? new Map(), quarantined: isCounted ? (quarantined ?? []) : [] },
      );
      shown.set(hour, {
        ...{ connection: account.id, hour: formatInstant(hour), ...books, gaps: [] },
        ...{ artifacts: withStates(books.artifacts), verifiedAt: null },
        computedAt: isCounted ? formatInstant(call.lookup.now()) : null,
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

/** Takes pages as far as the effort goes; whether these were all. */
async function takePages<Page>(
  pages: AsyncGenerator<Page>,
  effort: Effort,
  take: (page: Page) => void,
): Promise<boolean> {
  while (spend(effort)) {
    const page = await pages.next();
    if (!page.done) {
      take(page.value);
      continue;
    }
    // The last page says that it is one, so this asked for nothing.
    effort.calls += 1;
    return true;
  }
  return false;
}

/** Null where there are more than the effort allows to read. */
async function allQuarantined({ lookup }: Call, { id }: VisibleConnection, effort: Effort) {
  const found: QuarantinedIn[] = [];
  const isAll = await takePages(walkQuarantined(lookup.store, id), effort, (page) => found.push(...page));
  return isAll ? found : null;
}

type Run = { run: readonly number[]; quarantined: readonly QuarantinedIn[] };
/** `countedFrom`: the oldest hour that is known whole. `standings` are the stored ones and whom else the quarantine names. */
type Found = { countedFrom: number; stored: Standings; standings: Standings };

async function findRun(
  call: Call,
  account: VisibleConnection,
  { run, quarantined }: Run,
  effort: Effort,
): Promise<Found | null> {
  const provider = account.provider as ProviderName | undefined;
  const stamp = (provider && ledgerStamps[provider]) ?? 'startedAt';
  const { countedFrom, stored } = await storedIn(call, account.id, { run, stamp }, effort);
  const isWanted = new Set(run.filter((hour) => hour >= countedFrom));
  // What came later than its quarantined answer, or was erased, counts as that alone.
  const named = quarantined.flatMap(({ externalId: id, hour }) =>
    id !== null && isWanted.has(hour) && !stored.has(id) ? [id] : [],
  );
  if (named.length === 0 || !provider) return { countedFrom, stored, standings: stored };
  if (!spend(effort, Math.ceil(named.length / batchOfIds))) return null;
  const others = await standingsOf(call.lookup.store, { provider, connection: account.id }, named, stamp);
  return { countedFrom, stored, standings: new Map([...stored, ...others]) };
}

/** Ids that one call of the store takes. */
const batchOfIds = 100;

/** Walks the index from the newest down until it is through or the effort is. */
async function storedIn(
  { lookup }: Call,
  connection: string,
  { run, stamp }: { run: readonly number[]; stamp: LedgerStamp },
  effort: Effort,
): Promise<Omit<Found, 'standings'>> {
  const around = stamp === 'startedAt' ? { before: 0, behind: 0 } : aroundCreationMs;
  const from = (run.at(-1) ?? 0) - around.before;
  const span = datedSpan(from, (run[0] ?? 0) + hourMs - 1 + around.behind);
  const stored = new Map<string, Known>();
  const pages = walkIndex(lookup.store, connection, { index: 'byStart', span, carries: 'record', isFalling: true });
  let reached = Number.POSITIVE_INFINITY;
  const isAll = await takePages(pages, effort, (items) => {
    for (const [id, known] of knownIn(items, stamp)) stored.set(id, known);
    const last = items.at(-1);
    if (last) reached = startedAtOf(last);
  });
  // What starts at the instant that was reached may have more behind it.
  return { countedFrom: isAll ? (run.at(-1) ?? 0) : reached + 1 + around.before, stored };
}
