import { formatInstant } from '#shared/domain/instant.ts';
import { getIds } from '#shared/storage/ledger-ids.ts';
import type { HourRow } from '#shared/storage/ledger-rows.ts';
import type { Call } from '../call.ts';
import type { AuditHour } from './audit-schema.ts';

/** What a request may still ask of the store for one connection, beside reading its rows; counted down. */
export type Effort = { calls: number };

/** Whether so many calls are left, which are then taken. */
export function spend(effort: Effort, calls = 1): boolean {
  if (effort.calls < calls) return false;
  effort.calls -= calls;
  return true;
}

/** Every kind shows these, the others where there are some. */
const shownStates = { ready: 0, pending: 0, absent: 0, overdue: 0 };

export const withStates = (artifacts: HourRow['artifacts']): AuditHour['artifacts'] =>
  Object.fromEntries(Object.entries(artifacts).map(([kind, states]) => [kind, { ...shownStates, ...states }]));

/** An hour that was read; of gaps that its row does not hold the ids come from the bucket, while the effort allows. */
export async function fromRow({ lookup }: Call, row: HourRow, effort: Effort): Promise<AuditHour> {
  const { connection, hour, verifiedAt, computedAt } = row;
  const { listed, stored, quarantined, erased, expired, missingAtSource } = row;
  const all = row.isCut && spend(effort) ? (await getIds(lookup.store, row)).gaps.map(([id]) => id) : row.gaps;
  return {
    ...{ connection, hour: formatInstant(hour), listed, stored, quarantined, erased, expired, missingAtSource },
    ...{ artifacts: withStates(row.artifacts), verifiedAt, computedAt, gaps: all },
  };
}
