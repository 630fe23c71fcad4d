import { within } from '../by-start.ts';
import type { Position } from '../cursor.ts';
import { readCursor, writeCursor } from '../cursor.ts';
import type { FakeAnswer } from '../exchange.ts';
import { jsonTextAnswer } from '../exchange.ts';
import { usPerMs } from '../stamp.ts';
import { apiError } from './error.ts';
import { readInterval } from './interval.ts';
import { interactionText } from './rows.ts';
import type { TalkdeskSettings } from './settings.ts';
import type { TalkdeskWorld } from './world.ts';
import { isVisible } from './world.ts';

/** GET /conversations/interactions. An interval beside a cursor may be there or not: the cursor knows its own. */
export function answerInteractions(
  world: TalkdeskWorld,
  query: URLSearchParams,
  nowMs: number,
  settings: TalkdeskSettings,
): FakeAnswer {
  const cursor = query.get('cursor');
  const interval = readInterval(query, nowMs);
  if ('faults' in interval) return apiError(400, interval.faults);
  const start = cursor === null ? interval : readCursor(cursor, nowMs, settings.cursorLifeMs);
  if (start === undefined) return apiError(400, [{ name: 'cursor', description: 'unknown or expired' }]);
  const nowUs = nowMs * usPerMs;
  const found = within(world.interactions, start, settings.order, (record) => isVisible(record, nowUs));
  const page = found.slice(0, settings.pageSize);
  const last = page.at(-1);
  const texts = page.map((record) => interactionText(record, nowUs)).join(',');
  const next =
    last !== undefined && found.length > page.length
      ? nextLink({ ...start, afterUs: last.startedAtUs, afterId: last.id }, nowMs, settings)
      : {};
  return jsonTextAnswer(200, `{"_embedded":{"interactions":[${texts}]},"_links":${JSON.stringify(next)}}`);
}

export function nextLink(position: Position, nowMs: number, settings: TalkdeskSettings): { next: { href: string } } {
  return { next: { href: `${settings.nextBase}?cursor=${encodeURIComponent(writeCursor(position, nowMs))}` } };
}
