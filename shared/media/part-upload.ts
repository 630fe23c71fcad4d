import type { Store } from '#shared/storage/document-client.ts';
import type { CopyProgress } from '#shared/storage/media-copies.ts';
import { type Created, putMedia } from '#shared/storage/media-objects.ts';
import {
  abortUpload,
  beginUpload,
  completeUpload,
  type Part,
  putPart,
  type Upload,
} from '#shared/storage/media-uploads.ts';
import { type CopyHold, holdCopy } from './copy-lease.ts';
import { digestWith, type PickedUp, pickUp, type Target } from './pick-up.ts';

/** The way of one file into the bucket: by one put where it fits into a part, else part by part under a lease. */
export type PartUpload = Target & {
  store: Store;
  now: () => number;
  hold: CopyHold | null;
  upload: Upload | null;
  /** parts that are up */
  parts: Part[];
  /** up to where the next runner may go on */
  reached: CopyProgress | null;
  /** parts up to there that are saved */
  saved: number;
};

/** How much goes up between two savings: what a killed runner costs at most. */
const savedEveryBytes = 64 * 1024 ** 2;

/**
 * Opens the way, and what an earlier runner has put up where it `isBegun`. Throws LeaseLost while another runner is on
 * it, as everything below.
 */
export async function openPartUpload(
  run: Pick<PartUpload, 'store' | 'now'>,
  target: Target,
  isBegun: boolean,
): Promise<{ upload: PartUpload; pickedUp: PickedUp | null }> {
  // A file that fits into one part needs no lease: of two puts the bucket refuses one.
  const hold = isBegun ? await holdCopy(run.store, target.file, run.now) : null;
  const pickedUp = hold?.progress ? await pickUp(run.store, target, hold.progress) : null;
  const reached = pickedUp?.progress ?? null;
  const parts = pickedUp?.parts ?? [];
  const upload = reached?.upload ?? null;
  return {
    upload: { ...run, ...target, hold, upload, parts, reached, saved: parts.length },
    pickedUp,
  };
}

async function put(way: PartUpload, bytes: Uint8Array, type: string): Promise<{ upload: Upload; part: Part }> {
  // The lease comes first: no two runners may write parts of one upload.
  way.hold ??= await holdCopy(way.store, way.file, way.now);
  await way.hold.keep();
  way.upload ??= await beginUpload(way.store, way.object, type);
  const part = await putPart(way.store, way.upload, way.parts.length + 1, bytes);
  way.parts.push(part);
  return { upload: way.upload, part };
}

/**
 * Puts the next part up, and sometimes saves how far that came. Without a validator nobody could go on from there: what
 * the source sends later may be of another version.
 */
export async function addPart(
  way: PartUpload,
  bytes: Uint8Array,
  { hashState, version }: Pick<CopyProgress, 'hashState' | 'version'>,
): Promise<void> {
  const { partBytes, revision, reached } = way;
  const { upload, part } = await put(way, bytes, version.contentType);
  if (version.validator === null) return;
  const partsDigest = digestWith(reached?.partsDigest ?? '', part);
  way.reached = { upload, partBytes, revision, version, hashState, parts: way.parts.length, partsDigest };
  if ((way.parts.length - way.saved) * partBytes < savedEveryBytes) return;
  await way.hold?.save(way.reached);
  way.saved = way.parts.length;
}

/** Prolongs the lease where it is time. */
export async function keepFile({ hold }: PartUpload): Promise<void> {
  await hold?.keep();
}

/** Makes the object, with these bytes as its end. */
export async function completeObject(way: PartUpload, last: Uint8Array, type: string): Promise<Created> {
  if (!way.upload) return putMedia(way.store, way.object, last, type);
  if (last.length > 0) await put(way, last, type);
  await keepFile(way);
  const created = await completeUpload(way.store, way.upload, way.parts);
  if (created === 'refused') await forgetParts(way);
  await way.hold?.release(null);
  return created;
}

/** Forgets the parts: other bytes come in their places, or none. */
export async function forgetParts(way: PartUpload): Promise<void> {
  if (way.upload) await abortUpload(way.store, way.upload);
  Object.assign(way, { upload: null, parts: [], reached: null, saved: 0 } satisfies Partial<PartUpload>);
}

/** Gives the file back, saved for the next runner. Parts that nobody was told of are dropped where that fails. */
export async function pauseUpload(way: PartUpload): Promise<void> {
  try {
    await way.hold?.release(way.reached);
  } catch (error) {
    if (way.saved === 0) await forgetParts(way);
    throw error;
  }
}

/** Drops what is up and gives the file back. */
export async function dropUpload(way: PartUpload): Promise<void> {
  await forgetParts(way);
  await way.hold?.release(null);
}
