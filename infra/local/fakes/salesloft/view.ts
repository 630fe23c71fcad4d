import { usPerMs } from '../stamp.ts';
import type { SalesloftRecord, SalesloftWorld } from './world.ts';
import { isVisible, transcriptAt, updatedAtUs } from './world.ts';

export type SortField = 'created_at' | 'updated_at' | 'duration';

/** One listed thing with the values that lists filter and sort by. */
export type Row = Readonly<Record<SortField, number>> & { readonly id: string; readonly record: SalesloftRecord };

/** Rows ascending by one field, ties by id. */
export type Sorted = (field: SortField) => readonly Row[];

type View = {
  readonly revision: number;
  readonly records: number;
  /** the world looks the same during [fromUs, untilUs) */
  readonly fromUs: number;
  readonly untilUs: number;
  readonly conversations: Sorted;
  readonly transcriptions: Sorted;
  readonly conversation: (id: string) => SalesloftRecord | undefined;
  /** by the transcription's id */
  readonly transcribed: (id: string) => SalesloftRecord | undefined;
};

/** So that reading 100,000 records page by page sorts them once, not once a page. */
const views = new WeakMap<SalesloftWorld, View>();

/** What a world's lists hold at `nowMs`. */
export function viewOf(world: SalesloftWorld, nowMs: number): View {
  const nowUs = nowMs * usPerMs;
  const known = views.get(world);
  if (
    known?.revision === world.revision &&
    known.records === world.conversations.length &&
    known.fromUs <= nowUs &&
    nowUs < known.untilUs
  ) {
    return known;
  }
  const view = look(world, nowUs);
  views.set(world, view);
  return view;
}

function look(world: SalesloftWorld, nowUs: number): View {
  const visible = world.conversations.filter((record) => isVisible(record, nowUs));
  const conversations = visible.map((record) => conversationRow(record, nowUs));
  const transcriptions = visible.flatMap((record) => transcriptionRow(record, nowUs));
  return {
    revision: world.revision,
    records: world.conversations.length,
    fromUs: nowUs,
    untilUs: nextChangeUs(world, nowUs),
    conversations: sortedOnce(conversations),
    transcriptions: sortedOnce(transcriptions),
    conversation: indexedOnce(conversations),
    transcribed: indexedOnce(transcriptions),
  };
}

function conversationRow(record: SalesloftRecord, nowUs: number): Row {
  const { id, createdAtUs, durationMs } = record;
  return { id, record, created_at: createdAtUs, updated_at: updatedAtUs(record, nowUs), duration: durationMs };
}

function transcriptionRow(record: SalesloftRecord, nowUs: number): Row[] {
  const transcript = transcriptAt(record, nowUs);
  if (transcript === null) return [];
  return [{ id: transcript.id, record, created_at: transcript.atUs, updated_at: transcript.atUs, duration: 0 }];
}

function nextChangeUs(world: SalesloftWorld, nowUs: number): number {
  let next = Number.POSITIVE_INFINITY;
  for (const record of world.conversations) {
    const moments = [record.visibleAtUs, record.deletedAtUs, record.transcript?.atUs, ...record.updatesUs];
    for (const at of moments) if (at !== undefined && at > nowUs && at < next) next = at;
  }
  return next;
}

function sortedOnce(rows: readonly Row[]): Sorted {
  const orders = new Map<SortField, readonly Row[]>();
  return (field) => {
    const order = orders.get(field) ?? [...rows].sort((a, b) => a[field] - b[field] || (a.id < b.id ? -1 : 1));
    orders.set(field, order);
    return order;
  };
}

function indexedOnce(rows: readonly Row[]): (id: string) => SalesloftRecord | undefined {
  let index: ReadonlyMap<string, SalesloftRecord> | undefined;
  return (id) => {
    index ??= new Map(rows.map((row) => [row.id, row.record]));
    return index.get(id.toLowerCase());
  };
}
