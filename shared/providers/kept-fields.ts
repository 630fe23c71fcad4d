import type { Content } from '#shared/domain/conversation.ts';
import type { Json } from './bounded-json.ts';

/** Reading of `metadata` that a normalizer wrote, for the writer that gives it back. What is not of the kind is null. */

type Fields = Readonly<Record<string, Json>>;

export const keptText = (fields: Fields, name: string): string | null => {
  const value = fields[name];
  return typeof value === 'string' ? value : null;
};

export const keptFlag = (fields: Fields, name: string): boolean | null => {
  const value = fields[name];
  return typeof value === 'boolean' ? value : null;
};

export const keptNumber = (fields: Fields, name: string): number | null => {
  const value = fields[name];
  return typeof value === 'number' ? value : null;
};

export const keptObject = (fields: Fields, name: string): Content['metadata'] | null => {
  const value = fields[name];
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : null;
};

/** The objects of a list. */
export const keptObjects = (fields: Fields, name: string): Content['metadata'][] => {
  const value = fields[name];
  if (!Array.isArray(value)) return [];
  return value.flatMap((one) => (typeof one === 'object' && one !== null && !Array.isArray(one) ? [one] : []));
};
