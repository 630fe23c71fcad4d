import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import pMap from 'p-map';
import { itemAttributes as a } from '#shared/facts/table.ts';
import type { ConversationItem } from './conversation-item.ts';
import type { Store } from './document-client.ts';
import type { KeyRange } from './key-ranges.ts';
import type { RowSource } from './row-source.ts';

export type MergeRequest = {
  source: RowSource;
  order: 'asc' | 'desc';
  range: KeyRange;
  /** rows that the caller will take if it takes every one; the first reads are cut to it */
  wanted: number;
  /** whether the caller will pass over rows, so that more than `wanted` are needed */
  filtered: boolean;
  /** bound on rows read; each partition's first row is read even where there are more partitions */
  mostRows: number;
};

export type Row = { key: string; item: ConversationItem };

/** Rows of many partitions in the order of their keys. */
export type MergedRows = {
  /** the next row; null at the end or where `mostRows` are read */
  next: () => Promise<Row | null>;
  /** whether a row may follow; false only where none does */
  more: () => Promise<boolean>;
  /** rows read so far */
  read: () => number;
};

/** A partition: rows read ahead, and what is left of its range. */
type Source = { partition: string; ahead: Row[]; range: KeyRange; ended: boolean; size: number };

const concurrency = 16;

/**
 * Merges the partitions. Each is read in small steps that double while it alone feeds the merge, so few rows are read
 * that the caller never takes. Rows without a record are markers (participant-rows.ts) and passed over.
 */
export function mergeRows(store: Pick<Store, 'documents' | 'table'>, request: MergeRequest): MergedRows {
  const { order, mostRows } = request;
  const { partitions } = request.source;
  let left = request.filtered ? Number.POSITIVE_INFINITY : request.wanted + 1;
  let read = 0;
  const size = Math.ceil((request.wanted + 1) / Math.max(1, partitions.length));
  const sources = partitions.map(
    (partition): Source => ({ partition, ahead: [], range: request.range, ended: false, size }),
  );

  /** Reads on where nothing is read ahead; false where that would pass `mostRows`. */
  const refill = async (): Promise<boolean> => {
    for (;;) {
      const empty = sources.filter((source) => source.ahead.length === 0 && !source.ended);
      if (empty.length === 0) return true;
      const share = Math.floor((mostRows - read) / empty.length);
      if (share < 1 && read > 0) return false;
      const most = Math.max(1, Math.min(left, share));
      const counts = await pMap(empty, (source) => readOn(store, request, source, Math.min(source.size, most)), {
        concurrency,
      });
      read += counts.reduce((sum, count) => sum + count, 0);
    }
  };

  return {
    next: async () => {
      if (!(await refill())) return null;
      const source = first(sources, order);
      left = Math.max(1, left - 1);
      return source?.ahead.shift() ?? null;
    },
    more: async () => {
      if (sources.some((source) => source.ahead.length > 0)) return true;
      return !(await refill()) || sources.some((source) => source.ahead.length > 0);
    },
    read: () => read,
  };
}

function first(sources: readonly Source[], order: 'asc' | 'desc'): Source | null {
  let best: { source: Source; key: string } | null = null;
  for (const source of sources) {
    const key = source.ahead[0]?.key;
    if (key === undefined) continue;
    if (best === null || (order === 'asc' ? key < best.key : key > best.key)) best = { source, key };
  }
  return best?.source ?? null;
}

/** Reads up to `limit` more rows of one partition and says how many came. */
async function readOn(
  store: Pick<Store, 'documents' | 'table'>,
  request: MergeRequest,
  source: Source,
  limit: number,
): Promise<number> {
  const { index, partition, sort } = request.source;
  const page = await store.documents.send(
    new QueryCommand({
      TableName: store.table,
      IndexName: index,
      KeyConditionExpression: '#partition = :partition AND #sort BETWEEN :least AND :most',
      ExpressionAttributeNames: { '#partition': partition, '#sort': sort },
      ExpressionAttributeValues: {
        ':partition': source.partition,
        ':least': justAbove(source.range.above),
        ':most': justBelow(source.range.below),
      },
      ScanIndexForward: request.order === 'asc',
      Limit: limit,
    }),
  );
  const rows = (page.Items ?? []).map((item): Row => ({ key: String(item[sort]), item }));
  const last = rows.at(-1)?.key;
  if (last !== undefined)
    source.range = request.order === 'asc' ? { ...source.range, above: last } : { ...source.range, below: last };
  source.ended = page.LastEvaluatedKey === undefined;
  source.ahead.push(...rows.filter(({ item }) => item[a.record] !== undefined));
  source.size *= 2;
  return rows.length;
}

// BETWEEN takes its ends in. Keys of one kind have one length and no character below `!` or above `}`, so a text that
// goes on with a blank or `~` stands between two keys.
const justAbove = (text: string): string => `${text} `;
const justBelow = (text: string): string =>
  `${text.slice(0, -1)}${String.fromCharCode(text.charCodeAt(text.length - 1) - 1)}~`;
