import type { Interval } from '../cursor.ts';
import { parseStamp, usPerMs } from '../stamp.ts';
import type { FieldFault } from './error.ts';

/** Which interactions an interval lists is not documented; here those whose start lies in it. */

const sevenDaysUs = 7 * 24 * 3_600_000 * usPerMs;

/** A missing end is now, a missing start seven days before the end: the real defaults are not documented. */
export function readInterval(
  query: URLSearchParams,
  nowMs: number,
): Interval | { readonly faults: readonly FieldFault[] } {
  const [started, ended] = [query.get('interaction_started'), query.get('interaction_ended')];
  const toUs = ended === null ? nowMs * usPerMs : parseStamp(ended);
  const fromUs = started === null ? (toUs ?? 0) - sevenDaysUs : parseStamp(started);
  if (fromUs === undefined) return fault('interaction_started', 'expected a date-time');
  if (toUs === undefined) return fault('interaction_ended', 'expected a date-time');
  if (toUs < fromUs) return fault('interaction_ended', 'before interaction_started');
  if (toUs - fromUs > sevenDaysUs) return fault('interaction_ended', 'interval over seven days');
  return { fromUs, toUs };
}

function fault(name: string, description: string): { faults: FieldFault[] } {
  return { faults: [{ name, description }] };
}
