import type { FakeAnswer } from '../exchange.ts';
import { jsonTextAnswer } from '../exchange.ts';
import { usPerMs } from '../stamp.ts';
import type { Position } from './cursor.ts';
import { readCursor, writeCursor } from './cursor.ts';
import { apiError } from './error.ts';
import type { Interval } from './interval.ts';
import { readInterval } from './interval.ts';
import { interactionText } from './rows.ts';
import type { TalkdeskSettings } from './settings.ts';
import type { TalkdeskRecord, TalkdeskWorld } from './world.ts';
import { isVisible } from './world.ts';

/** Records by start, sorted once while no record is added. */
const sorted = new WeakMap<TalkdeskWorld, readonly TalkdeskRecord[]>();

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
  const found = listed(world, start, nowUs, settings);
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

function listed(
  world: TalkdeskWorld,
  start: Interval | Position,
  nowUs: number,
  { order }: TalkdeskSettings,
): readonly TalkdeskRecord[] {
  const records = byStart(world);
  const first = lowerBound(records, start.fromUs);
  const inside = records.slice(first, lowerBound(records, start.toUs)).filter((record) => isVisible(record, nowUs));
  const ordered = order === 'ascending' ? inside : inside.reverse();
  if (!('afterUs' in start)) return ordered;
  const side = order === 'ascending' ? 1 : -1;
  return ordered.filter(
    ({ startedAtUs, id }) =>
      side * (startedAtUs - start.afterUs || (id < start.afterId ? -1 : id > start.afterId ? 1 : 0)) > 0,
  );
}

function byStart(world: TalkdeskWorld): readonly TalkdeskRecord[] {
  const known = sorted.get(world);
  if (known?.length === world.interactions.length) return known;
  const order = [...world.interactions].sort((a, b) => a.startedAtUs - b.startedAtUs || (a.id < b.id ? -1 : 1));
  sorted.set(world, order);
  return order;
}

function lowerBound(records: readonly TalkdeskRecord[], us: number): number {
  let [low, high] = [0, records.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((records[middle]?.startedAtUs ?? Number.POSITIVE_INFINITY) < us) low = middle + 1;
    else high = middle;
  }
  return low;
}
