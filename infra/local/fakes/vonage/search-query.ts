import type { Interval } from '../cursor.ts';
import { parseStamp, usPerSecond } from '../stamp.ts';
import type { VonageSettings } from './settings.ts';
import type { VonageRecord } from './world.ts';

export type Search = {
  readonly interval: Interval;
  readonly limit: number;
  readonly passes: (record: VonageRecord) => boolean;
};

const sevenDaysUs = 7 * 24 * 3_600 * usPerSecond;
const mostItems = 1_000;

/** What a search asks for, or what is wrong about it; the text of the window's fault is that of the Stats API. */
export function readSearch(query: URLSearchParams, settings: VonageSettings): Search | { readonly fault: string } {
  const [start, end] = [query.get('start'), query.get('end')];
  const fromUs = start === null ? undefined : parseStamp(start);
  const endUs = end === null ? undefined : parseStamp(end);
  if (fromUs === undefined) return { fault: 'The start parameter must be a date-time.' };
  if (endUs === undefined) return { fault: 'The end parameter must be a date-time.' };
  if (endUs < fromUs) return { fault: 'The end parameter must not be before start.' };
  if (endUs - fromUs > sevenDaysUs) return { fault: 'Request window size limit exceeded 7 days' };
  const limit = readLimit(query.get('limit'));
  if (limit === undefined) return { fault: `The limit parameter must be between 1 and ${mostItems}.` };
  const toUs = settings.windowEnd === 'included' ? endUs + 1 : endUs;
  const filters = readFilters(query);
  if ('fault' in filters) return filters;
  return { interval: { fromUs, toUs }, limit, passes: (record) => filters.tests.every((test) => test(record)) };
}

/** The default is not documented, and neither is what happens above the most: here it is refused. */
function readLimit(text: string | null): number | undefined {
  if (text === null) return mostItems;
  const limit = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  return limit >= 1 && limit <= mostItems ? limit : undefined;
}

type Test = (record: VonageRecord) => boolean;

function readFilters(query: URLSearchParams): { readonly tests: readonly Test[] } | { readonly fault: string } {
  const tests: Test[] = [];
  for (const side of ['connectFrom', 'connectTo'] as const) {
    const prefix = query.get(side);
    if (prefix === null) continue;
    if (prefix.length < 1 || prefix.length > 50)
      return { fault: `The ${side} parameter must have 1 to 50 characters.` };
    tests.push((record) => record[side].startsWith(prefix));
  }
  const direction = query.get('direction');
  if (direction !== null && !['inbound', 'outbound'].includes(direction)) {
    return { fault: 'The direction parameter is invalid.' };
  }
  if (direction !== null) tests.push((record) => record.direction === direction);
  const agent = query.get('handlingAgentId');
  if (agent !== null) tests.push(({ handlingAgents }) => handlingAgents.includes(agent));
  return { tests };
}
