import { hash } from 'node:crypto';
import type { Store } from '#shared/storage/document-client.ts';
import type { CopyProgress, FileName } from '#shared/storage/media-copies.ts';
import { abortUpload, listParts, type Part } from '#shared/storage/media-uploads.ts';
import { type Digest, openDigest } from './digest.ts';

/** What goes up where: the file's `revision` into `object`, in parts of `partBytes`. */
export type Target = {
  file: FileName;
  object: string;
  revision: string | null;
  partBytes: number;
};

/** What an earlier runner has put up, and the hash of it. */
export type PickedUp = { parts: Part[]; progress: CopyProgress; digest: Digest };

/**
 * Goes on from what was saved, if it is of the same bytes and all of it is still there as it was put; else drops it. Only
 * for who holds the file.
 */
export async function pickUp(store: Store, target: Target, progress: CopyProgress): Promise<PickedUp | null> {
  const { object, revision, partBytes } = target;
  const isSame =
    progress.upload.object === object && progress.revision === revision && progress.partBytes === partBytes;
  const parts = isSame ? await listParts(store, progress.upload, progress.parts) : null;
  if (parts && partsDigest(parts) === progress.partsDigest) {
    // The state of another build of hash-wasm is refused.
    const digest = await openDigest(progress.hashState).catch(() => null);
    if (digest) return { parts, progress, digest };
  }
  await abortUpload(store, progress.upload);
  return null;
}

/** One value for all parts in their order. */
const partsDigest = (parts: readonly Part[]): string => parts.reduce(digestWith, '');

/** The same with one part more. */
export const digestWith = (digest: string, { etag }: Part): string => hash('sha256', `${digest} ${etag}`);
