import type { Call } from '../call.ts';
import { keyIdOfCursor, openCursor, sealCursor } from './cursor.ts';

type Query = Readonly<Record<string, unknown>>;

/** The place in a list that a cursor of this caller and query names; null without one. Throws a 400 for any other. */
export async function openPosition(
  { lookup, caller }: Call,
  cursor: string | undefined,
  query: Query,
): Promise<string | null> {
  if (cursor === undefined) return null;
  const { all } = await lookup.keys(keyIdOfCursor(cursor));
  return openCursor(all, cursor, { client: caller.id, query }, lookup.now());
}

/** The cursor of a place in the list of this caller and query; null behind its end. */
export async function sealPosition(
  { lookup, caller }: Call,
  position: string | null,
  query: Query,
): Promise<string | null> {
  if (position === null) return null;
  const { current } = await lookup.keys();
  return sealCursor(current, position, { client: caller.id, query }, lookup.now());
}
