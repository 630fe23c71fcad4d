import type { ArtifactState } from '#shared/domain/artifact.ts';
import { HostRefused, NotAtProvider, PermissionMissing } from '#shared/domain/errors.ts';
import { mediaArtifact } from '#shared/domain/media.ts';
import { type NoMedia, withoutMedia } from '#shared/domain/media-copy.ts';
import type { MediaJob } from '#shared/domain/media-job.ts';
import { withOverdue } from '#shared/domain/overdue.ts';
import { TooLarge } from '#shared/http/too-large.ts';
import { type WriteContext, writeVersion } from '#shared/ingest/write-version.ts';

/** Why there is no copy: not yet, or none to be expected. */
export type NoCopy = 'notYet' | NoMedia;

/**
 * What an error says of the file, or null where it says nothing of it. A file that was listed and is not found may yet
 * come while it is asked for; with the last of the offsets it counts as gone.
 */
export function noCopyFrom(error: unknown, { last }: Pick<MediaJob, 'last'>): NoCopy | null {
  if (error instanceof HostRefused) return { state: 'failed', reason: 'refusedHost' };
  if (error instanceof TooLarge) return { state: 'failed', reason: 'tooLarge' };
  if (error instanceof PermissionMissing) return { state: 'absent', reason: 'permissionMissing' };
  if (error instanceof NotAtProvider) return last ? { state: 'expired', reason: 'notFound' } : 'notYet';
  return null;
}

/**
 * Writes that down and gives the state that follows; `nothing` where the record says more already. A fruitless asking
 * before the last writes nothing.
 */
export async function writeNoCopy(
  context: WriteContext,
  { uuid, key, last }: MediaJob,
  why: NoCopy,
): Promise<ArtifactState | 'nothing'> {
  const { expectation, now } = context;
  if (why === 'notYet' && !last) return 'pending';
  const isThis = (kind: string): boolean => kind === mediaArtifact(key);
  const written = await writeVersion(context, uuid, true, (record) => {
    if (!record) return null;
    return why === 'notYet' ? withOverdue(record, expectation, now(), isThis) : withoutMedia(record, key, why, now());
  });
  if (written === 'unchanged' || written === 'erased') return 'nothing';
  return why === 'notYet' ? 'overdue' : why.state;
}
