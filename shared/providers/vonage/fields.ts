import { isObject } from '../fields-of.ts';

/** Whether a value holds nothing at all: null, blank, or empty all the way down. */
export function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  if (typeof value === 'string') return value.trim() === '';
  return isObject(value) && Object.values(value).every(isEmpty);
}
