import type { Item, RootOperation } from './dynalite.ts';
import { prefixes } from './rows.ts';

/** Digits of a second in an expiry row's key, so that keys sort by time. */
const secondDigits = 12;
/** DynamoDB leaves items alone whose expiry lies further back than this, taking it for a mistake. */
const oldestExpirySeconds = 5 * 365 * 86_400;

/** When the item expires, in seconds, or null if it never does. */
export function expiryOf(item: Item | null, attribute: string | undefined): number | null {
  const text = attribute === undefined ? undefined : item?.[attribute]?.N;
  if (text === undefined) return null;
  const second = Math.floor(Number(text));
  return second > 0 && second < 10 ** secondDigits ? second : null;
}

export function isExpired(expiry: number | null, nowMs: number): boolean {
  const nowSeconds = nowMs / 1000;
  return expiry !== null && expiry < nowSeconds && expiry > nowSeconds - oldestExpirySeconds;
}

/** Keeps one row per expiring item, ordered by time; its value is the item's key. */
export function expiryOperations(
  table: string,
  key: string,
  before: number | null,
  after: number | null,
): RootOperation[] {
  if (before === after) return [];
  const operations: RootOperation[] = [];
  if (before !== null) operations.push({ type: 'del', key: expiryKey(table, before, key) });
  if (after !== null) operations.push({ type: 'put', key: expiryKey(table, after, key), value: key });
  return operations;
}

/** The rows of all items of a table that expire before `nowMs`. */
export function expiredRange(table: string, nowMs: number): { gt: string; lt: string } {
  const nowSeconds = Math.ceil(nowMs / 1000);
  return {
    gt: expiryKey(table, Math.max(0, nowSeconds - oldestExpirySeconds), ''),
    lt: expiryKey(table, nowSeconds, ''),
  };
}

function expiryKey(table: string, second: number, key: string): string {
  return `${prefixes.expiries(table)}${String(second).padStart(secondDigits, '0')}~${key}`;
}
