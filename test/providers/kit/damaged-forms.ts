import { isDeepStrictEqual } from 'node:util';
import { RecordInvalid } from '#shared/domain/errors.ts';
import type { Answer, Stream } from '#shared/providers/connector.ts';
import { changed, pathsOf, wrongs } from '../damage.ts';

/** Forms of a listed record that a connector must refuse: without its name, and, where there is such a form, with it. */
export function damagedForms(stream: Stream, answer: Answer): unknown[] {
  const { listed } = answer;
  const [gone] = wrongs;
  const named = pathsOf(listed)
    .map((path) => changed(listed, path, gone))
    .find((damaged) => isNamed(stream, damaged) && isRefused(() => stream.normalize({ ...answer, listed: damaged })));
  return [{}, null, ...(named === undefined ? [] : [named])];
}

const isNamed = (stream: Stream, listed: unknown): boolean => !isRefused(() => stream.identify(listed));

function isRefused(read: () => unknown): boolean {
  try {
    read();
    return false;
  } catch (error) {
    if (error instanceof RecordInvalid) return true;
    throw error;
  }
}

/** The same value with another in the place of a record, wherever it stands inside. */
export function inPlaceOf<T>(record: unknown, other: unknown, value: T): T;
export function inPlaceOf(record: unknown, other: unknown, value: unknown): unknown {
  if (isDeepStrictEqual(value, record)) return other;
  if (Array.isArray(value)) return value.map((each) => inPlaceOf(record, other, each));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, inPlaceOf(record, other, inner)]));
}
