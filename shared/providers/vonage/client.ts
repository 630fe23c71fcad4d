import type { Window } from '#shared/domain/checkpoint.ts';
import { ResponseInvalid } from '#shared/domain/errors.ts';
import { formatInstant } from '#shared/domain/instant.ts';
import type { Answer, Detail, Page, PendingReference, Session } from '../connector.ts';
import { askAnalyses } from './analyses.ts';
import { guidOrNull } from './guid.ts';
import { fetchLateListings } from './late-files.ts';
import { identitySchema, pageSchema } from './schema.ts';

const minute = 60_000;
const day = 86_400_000;
/**
 * A window of the API is at most seven days wide (docs-vcc.atlassian.net/wiki/x/RQKf1). A minute less, because whether
 * exactly seven are still allowed is not said.
 */
export const widestWindowMs = 7 * day - minute;

/** Interactions of one page, the most that the vendor's own code asks for. */
const pageSize = 1000;

/**
 * One page of the window. Whether its end is included depends on the documentation's page: a record at the edge may come
 * twice. The same window stands beside each token, as in the vendor's own code.
 */
export async function fetchPage(session: Session, window: Window, cursor: string | null): Promise<Page> {
  const interval = [
    ['start', formatInstant(window.from)],
    ['end', formatInstant(window.to)],
    ['limit', String(pageSize)],
  ] as const;
  const query = cursor === null ? interval : [...interval, ['continuationToken', cursor] as const];
  const { body, servedAt, sentAt } = await session.getJson('/interaction-content/interactions', query);
  const parsed = pageSchema.safeParse(body);
  if (!parsed.success) throw new ResponseInvalid('page is not {"items": [...], "meta": {"nextContinuationToken"}}');
  const next = parsed.data.meta.nextContinuationToken || null;
  if (next !== null && next === cursor) throw new ResponseInvalid('a page of interactions names itself as the next');
  return { records: parsed.data.items, next, servedAt, sentAt };
}

/** The GUID of a listed record, fit to be sent to the analyzer, or null. */
function listedGuid(listed: unknown): string | null {
  const parsed = identitySchema.safeParse(listed);
  return parsed.success ? guidOrNull(parsed.data.guid) : null;
}

const given = (guids: readonly (string | null)[]): string[] => guids.filter((guid) => guid !== null);

/** The analyses of listed records, in one request. */
export async function fetchDetails(session: Session, listed: readonly unknown[]): Promise<Detail[]> {
  const guids = listed.map(listedGuid);
  const analysisOf = await askAnalyses(session, given(guids));
  return guids.map((guid) => (guid === null ? {} : analysisOf(guid)));
}

/**
 * The same records again: their analyses in one request, and with those the files that came after the lookback. A missing
 * analysis is "not ready", so even then there is an answer. One that says nothing also stands for a record that the
 * provider failed for: it stays due.
 */
export async function fetchAgain(session: Session, references: readonly PendingReference[]): Promise<Answer[]> {
  const sentAt = session.now();
  const analysable = references.filter(({ open }) => open.some((kind) => !kind.startsWith('media:')));
  const analysisOf = await askAnalyses(session, given(analysable.map(({ externalId }) => guidOrNull(externalId))));
  const { listed, failed } = await fetchLateListings(session, references, analysisOf);
  return references.map(({ externalId: guid }) => {
    const interaction = listed.get(guid);
    const detail = {
      guid,
      ...(!failed.has(guid) && analysisOf(guid)),
      ...(interaction !== undefined && { interaction }),
    };
    return { listed: null, detail, sentAt };
  });
}
