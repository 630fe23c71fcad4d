import { durationMs } from '#shared/domain/duration.ts';
import { NotAtProvider, PermissionMissing, ProviderUnavailable, RateLimited } from '#shared/domain/errors.ts';
import type { PendingReference, Session } from '../connector.ts';
import { pathSegment } from '../path-segment.ts';
import type { Analyses } from './analyses.ts';
import { isSettled } from './analysis.ts';
import { guidOrNull } from './guid.ts';

/** How far each run re-reads where the connection does not say: most content appears within a day of the call. */
export const lookbackMs = 24 * 3_600_000;

export const contentPath = (guid: string): string => `/interaction-content/interactions/${pathSegment('guid', guid)}`;

/**
 * Content files can appear when no run lists their interaction any more. So it is asked for by its GUID once its analysis
 * is there, after which nothing else would ask, and as long as files are awaited that have not been named.
 */
function needsListing({ now, connection }: Session, reference: PendingReference, analysisOf: Analyses): boolean {
  const { externalId, startedAt, open } = reference;
  const reach = connection.lookback === undefined ? lookbackMs : durationMs(connection.lookback);
  if (guidOrNull(externalId) === null || startedAt === null || Date.parse(startedAt) >= now() - reach) return false;
  return isSettled(analysisOf(externalId)) || open.some((kind) => kind.startsWith('media:'));
}

/** The listed record; undefined where it has no content (404), or none that we may see. */
async function fetchListed(session: Session, guid: string): Promise<unknown> {
  try {
    return (await session.getJson(contentPath(guid))).body;
  } catch (error) {
    if (error instanceof NotAtProvider || error instanceof PermissionMissing) return undefined;
    throw error;
  }
}

/** Failures in a row before the provider, and not a record, must be at fault. */
const failureLimit = 3;

/** What became of asking for listed records: those that are to be had, and whom it failed for. */
export type LateListings = { listed: ReadonlyMap<string, unknown>; failed: ReadonlySet<string> };

/**
 * The listed records of those that need it. One that the provider fails for is set aside, and so are those behind the end
 * of the budget, so that a small budget gets on from asking to asking. Throws where nothing was answered, or nothing any
 * more.
 */
export async function fetchLateListings(
  session: Session,
  references: readonly PendingReference[],
  analysisOf: Analyses,
): Promise<LateListings> {
  const listed = new Map<string, unknown>();
  const failed = new Set<string>();
  let answered = 0;
  let failures = 0;
  for (const { externalId } of references.filter((reference) => needsListing(session, reference, analysisOf))) {
    try {
      listed.set(externalId, await fetchListed(session, externalId));
      answered += 1;
      failures = 0;
    } catch (error) {
      const isForRecord = error instanceof ProviderUnavailable && error.status === 500 && ++failures < failureLimit;
      const isForLater = error instanceof RateLimited && answered > 0;
      if (!isForRecord && !isForLater) throw error;
      failed.add(externalId);
    }
  }
  return { listed, failed };
}
