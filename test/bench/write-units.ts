import { isDeepStrictEqual } from 'node:util';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { indexes, projectedAttributes, tableKeys } from '#shared/facts/table.ts';

/**
 * Write units by DynamoDB's documented rules, our own meter because the embedded store does not count indexes: one unit
 * for each started KB of the larger of the item before and after, and for each index row that is put, changed or
 * removed; a row whose key moves is removed and put. A write that is refused or changes nothing costs what is there, and
 * one unit where there is nothing.
 */
export type Image = Readonly<Record<string, AttributeValue>>;

const unitBytes = 1024;
const units = (bytes: number): number => Math.ceil(bytes / unitBytes);

export type Units = { table: number; indexes: Record<string, number>; total: number };

export function writeUnits(before: Image | undefined, after: Image | undefined): Units {
  const table = Math.max(1, units(Math.max(sizeOf(before), sizeOf(after))));
  const perIndex = Object.values(indexes).map((index): [string, number] => {
    const attributes = [
      tableKeys.partition,
      tableKeys.sort,
      index.partition,
      index.sort,
      ...(index.name === 'byDue' ? [] : projectedAttributes),
    ];
    const [old, next] = [before, after].map((image) => rowOf(image, index, attributes));
    return [index.name, rowUnits(old, next, index)];
  });
  const all = Object.fromEntries(perIndex);
  return { table, indexes: all, total: table + Object.values(all).reduce((sum, each) => sum + each, 0) };
}

/** An item without one of an index's keys has no row there. */
function rowOf(
  image: Image | undefined,
  index: { partition: string; sort: string },
  attributes: readonly string[],
): Image | undefined {
  if (!image?.[index.partition] || !image[index.sort]) return undefined;
  return Object.fromEntries(Object.entries(image).filter(([name]) => attributes.includes(name)));
}

function rowUnits(old: Image | undefined, next: Image | undefined, index: { partition: string; sort: string }): number {
  if (!old && !next) return 0;
  if (!old || !next) return units(sizeOf(old ?? next));
  if (isDeepStrictEqual(old, next)) return 0;
  const moved = [index.partition, index.sort].some((key) => !isDeepStrictEqual(old[key], next[key]));
  return moved ? units(sizeOf(old)) + units(sizeOf(next)) : units(Math.max(sizeOf(old), sizeOf(next)));
}

/** Bytes of an item: names in UTF-8 and values, as the developer guide counts them. */
export function sizeOf(image: Image | undefined): number {
  return Object.entries(image ?? {}).reduce(
    (sum, [name, value]) => sum + Buffer.byteLength(name) + valueSize(value),
    0,
  );
}

function valueSize(value: AttributeValue): number {
  if (value.S !== undefined) return Buffer.byteLength(value.S);
  if (value.B !== undefined) return bytesOf(value.B);
  if (value.N !== undefined) return Math.ceil(value.N.replace(/[-.]/g, '').length / 2) + 1;
  if (value.M !== undefined)
    return (
      3 +
      Object.entries(value.M).reduce((sum, [name, inner]) => sum + 1 + Buffer.byteLength(name) + valueSize(inner), 0)
    );
  if (value.L !== undefined) return 3 + value.L.reduce((sum, inner) => sum + 1 + valueSize(inner), 0);
  return 1;
}

/** A stream's entry shows bytes as base64 text. */
const bytesOf = (bytes: Uint8Array | string): number =>
  (typeof bytes === 'string' ? Buffer.from(bytes, 'base64') : bytes).length;
