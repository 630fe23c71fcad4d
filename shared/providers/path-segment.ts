import { RecordInvalid } from '#shared/domain/errors.ts';

/** A provider's id as one segment of a path. Dots alone would climb out of it, and a lone surrogate cannot be encoded. */
export function pathSegment(field: string, id: string): string {
  if (id === '' || /^\.+$/.test(id) || !id.isWellFormed()) throw new RecordInvalid([`${field}: expected an id`]);
  return encodeURIComponent(id);
}
