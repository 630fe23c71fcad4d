import type { AttributeValue, Item } from './dynalite.ts';

/** Whether two items hold the same data; the order within a set does not count. */
export function sameItem(one: Item, other: Item): boolean {
  const names = Object.keys(one);
  if (names.length !== Object.keys(other).length) return false;
  return names.every((name) => {
    const [value, counterpart] = [one[name], other[name]];
    return value !== undefined && counterpart !== undefined && sameValue(value, counterpart);
  });
}

function sameValue(one: AttributeValue, other: AttributeValue): boolean {
  if (one.M !== undefined && other.M !== undefined) return sameItem(one.M, other.M);
  if (one.L !== undefined && other.L !== undefined) return sameList(one.L, other.L);
  const [set, otherSet] = [setOf(one), setOf(other)];
  return JSON.stringify(set ?? one) === JSON.stringify(otherSet ?? other);
}

function sameList(one: AttributeValue[], other: AttributeValue[]): boolean {
  if (one.length !== other.length) return false;
  return one.every((value, position) => {
    const counterpart = other[position];
    return counterpart !== undefined && sameValue(value, counterpart);
  });
}

function setOf(value: AttributeValue): unknown {
  const [type, members] = Object.entries(value)[0] ?? [];
  return Array.isArray(members) && type !== 'L' ? [type, [...members].sort()] : undefined;
}

/** Size in bytes as DynamoDB counts it: names and texts in UTF-8, bytes as they are, numbers by their digits. */
export function itemSize(item: Item): number {
  return Object.entries(item).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + valueSize(value), 0);
}

function valueSize(value: AttributeValue): number {
  if (value.S !== undefined) return Buffer.byteLength(value.S);
  if (value.B !== undefined) return Buffer.byteLength(value.B, 'base64');
  if (value.N !== undefined) return numberSize(value.N);
  if (value.L !== undefined) return 3 + value.L.reduce((sum, member) => sum + 1 + valueSize(member), 0);
  if (value.M !== undefined) return 3 + Object.keys(value.M).length + itemSize(value.M);
  const texts = (value.SS ?? []).reduce((sum, member) => sum + Buffer.byteLength(member), 0);
  const bytes = (value.BS ?? []).reduce((sum, member) => sum + Buffer.byteLength(member, 'base64'), 0);
  const numbers = (value.NS ?? []).reduce((sum, member) => sum + numberSize(member), 0);
  return value.BOOL !== undefined || value.NULL !== undefined ? 1 : texts + bytes + numbers;
}

/** One byte for sign and exponent, one for each two significant digits. */
function numberSize(number: string): number {
  const digits = number
    .replace(/e.*$/i, '')
    .replace(/\D/g, '')
    .replace(/^0+|0+$/g, '');
  return 1 + Math.ceil(digits.length / 2) + (number.startsWith('-') ? 1 : 0);
}
