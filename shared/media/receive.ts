import { HostRefused, PermissionMissing } from '#shared/domain/errors.ts';
import type { ListedFile } from '#shared/domain/media.ts';
import type { Clock } from '#shared/http/clock.ts';
import { download } from '#shared/http/download.ts';
import { TooLarge } from '#shared/http/too-large.ts';
import type { Store } from '#shared/storage/document-client.ts';
import { cutParts } from './cut-parts.ts';
import { openDigest } from './digest.ts';
import {
  addPart,
  dropUpload,
  forgetParts,
  keepFile,
  openPartUpload,
  type PartUpload,
  pauseUpload,
} from './part-upload.ts';
import type { Target } from './pick-up.ts';
import type { OpenSource } from './source.ts';

export type ReceiveRequest = {
  store: Store;
  clock: Clock;
  open: OpenSource;
  /** what the listing says of the file */
  expected: ListedFile;
  maxBytes: number;
  /** when it aborts, the time is up */
  signal: AbortSignal;
  tidy: (() => void) | undefined;
  target: Target;
  /** whether an earlier runner has left something */
  isBegun: boolean;
};

/** A file that has come: what it is, its end, and the way on which all before has gone up. */
export type Received = { bytes: number; sha512: string; contentType: string; last: Buffer; way: PartUpload };

/**
 * One pass from the provider into the bucket: each byte comes once, is hashed and goes up, and two parts at most are in
 * memory. The object comes into being only by `completeObject`. Null where the time was up and another run can go on;
 * what an error ends is kept for another run as well. Throws what `open` and download throw, and LeaseLost.
 */
export async function receive(request: ReceiveRequest): Promise<Received | null> {
  const { store, clock, target, isBegun, signal } = request;
  const { upload: way, pickedUp } = await openPartUpload({ store, now: clock.now }, target, isBegun);
  const from = pickedUp && { offset: pickedUp.parts.length * target.partBytes, ...pickedUp.progress.version };
  let digest = pickedUp?.digest ?? (await openDigest());
  let sending: Promise<void> = Promise.resolve();
  try {
    const cuts = cutParts(download({ ...request, from }, clock), target.partBytes, () => keepFile(way));
    for await (const cut of cuts) {
      await sending;
      if ('restart' in cut) {
        await forgetParts(way);
        digest = await openDigest();
        continue;
      }
      digest.update(cut.bytes);
      request.tidy?.();
      if ('file' in cut) {
        const { bytes, contentType } = cut.file;
        return { bytes, contentType, sha512: digest.hex(), last: cut.bytes, way };
      }
      sending = addPart(way, cut.bytes, { hashState: digest.save(), version: cut.of });
      // Its failure is heard of with the next part.
      sending.catch(() => undefined);
    }
    throw new TypeError('a download without an end');
  } catch (error) {
    await sending.catch(() => undefined);
    const { reached } = way;
    await leave(way, error);
    if (signal.aborted && reached !== null && reached !== pickedUp?.progress) return null;
    throw error;
  }
}

/** What cannot be kept now is fetched again: the error that ended it matters more. */
async function leave(way: PartUpload, error: unknown): Promise<void> {
  const isVerdict = error instanceof HostRefused || error instanceof TooLarge || error instanceof PermissionMissing;
  await (isVerdict ? dropUpload(way) : pauseUpload(way)).catch(() => undefined);
}
