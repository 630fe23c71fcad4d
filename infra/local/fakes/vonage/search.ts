import { within } from '../by-start.ts';
import { readCursor, writeCursor } from '../cursor.ts';
import type { FakeAnswer } from '../exchange.ts';
import { jsonTextAnswer } from '../exchange.ts';
import { usPerMs } from '../stamp.ts';
import { apiError } from './error.ts';
import { interactionText, listedContent } from './rows.ts';
import { readSearch } from './search-query.ts';
import type { VonageSettings } from './settings.ts';
import type { VonageRecord, VonageWorld } from './world.ts';
import { isDeleted } from './world.ts';

/**
 * GET /interaction-content/interactions: those that show a file. Beside a continuation token start and end stand as they
 * were: whether others are taken is not documented, so they are refused.
 */
export function answerSearch(
  world: VonageWorld,
  query: URLSearchParams,
  nowMs: number,
  settings: VonageSettings,
): FakeAnswer {
  const search = readSearch(query, settings);
  if ('fault' in search) return apiError(400, search.fault);
  const { interval, limit, passes } = search;
  const token = query.get('continuationToken');
  const position = token === null ? interval : readCursor(token, nowMs, settings.continuationLifeMs);
  if (position?.fromUs !== interval.fromUs || position.toUs !== interval.toUs) {
    return apiError(400, 'The continuation token is invalid.');
  }
  const nowUs = nowMs * usPerMs;
  const isListed = (record: VonageRecord): boolean =>
    !isDeleted(record, nowUs) && passes(record) && listedContent(record, nowUs, settings).length > 0;
  const found = within(world.interactions, position, settings.order, isListed);
  const page = found.slice(0, limit);
  const last = found.length > page.length ? page.at(-1) : undefined;
  const next = last && writeCursor({ ...interval, afterUs: last.startedAtUs, afterId: last.id }, nowMs);
  const items = page.map((record) => interactionText(record, nowUs, settings));
  const meta = JSON.stringify({ nextContinuationToken: next ?? null });
  return jsonTextAnswer(200, `{"items":[${items.join(',')}],"meta":${meta}}`);
}
