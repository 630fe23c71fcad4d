import type { Transition } from './conversation-events.ts';
import type { StoredFile } from './media.ts';
import { fileOf, needsCopy } from './media-copy.ts';
import type { MediaJob } from './media-job.ts';

/**
 * The copies that one step of a conversation calls for, pure: of files that it brought, and of those whose revision it
 * moved. What an earlier step has called for is asked for again by the due lane alone.
 */
export function copiesWanted({ before, after }: Pick<Transition, 'before' | 'after'>): MediaJob[] {
  const { connection, uuid } = after;
  const wasCalledFor = ({ key, revision }: StoredFile): boolean => {
    if (!before) return false;
    const known = fileOf(before, key);
    return known !== null && known.revision === revision && needsCopy(before, known);
  };
  return after.files
    .filter((file) => needsCopy(after, file) && !wasCalledFor(file))
    .map(({ key }) => ({ connection, uuid, key, last: false }));
}
