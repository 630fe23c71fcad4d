import { inventSalesloftWorld } from '#infra/local/fakes/salesloft/invent.ts';
import type { SalesloftRecord, SalesloftWorld } from '#infra/local/fakes/salesloft/world.ts';

export const start = Date.parse('2026-03-02T00:00:00.000Z');
export const startUs = start * 1_000;

const invented = inventSalesloftWorld('connector', start, start + 1_000, 1, { lateShare: 0, neverShare: 0 });

/** Stamps in microseconds after `start`. */
export type Stamps = { updated: number; created?: number; offsetMinutes?: number };

const idOf = (n: number): string => `00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`;

/** A world of records that differ in their stamps alone; ids do not follow the stamps' order. */
export function worldOf(stamps: readonly Stamps[], change: Partial<SalesloftRecord> = {}): SalesloftWorld {
  const conversations = stamps.map(({ updated, created = updated, offsetMinutes = 0 }, i) => ({
    ...base(),
    id: idOf((i * 7_919) % 1_000_003),
    createdAtUs: startUs + created,
    visibleAtUs: 0,
    updatesUs: updated === created ? [] : [startUs + updated],
    offsetMinutes,
    ...change,
  }));
  return { organizationId: invented.organizationId, conversations, revision: 0 };
}

export function base(): SalesloftRecord {
  const [record] = invented.conversations;
  if (!record) throw new Error('no record was invented');
  return record;
}

export const idsOf = (records: readonly unknown[]): string[] => records.map((record) => (record as { id: string }).id);
export const sortedIds = (world: SalesloftWorld): string[] => world.conversations.map(({ id }) => id).sort();
