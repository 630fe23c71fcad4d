import type { StoredMedia } from '#shared/domain/media.ts';
import { mediaOf, withMedia } from '#shared/domain/media-copy.ts';
import { writeVersion } from '#shared/ingest/write-version.ts';
import { measureMedia, removeMediaObject } from '#shared/storage/media-objects.ts';
import type { CopyContext, CopyTask } from './copy-task.ts';
import { completeObject, dropUpload, pauseUpload } from './part-upload.ts';
import type { Received } from './receive.ts';

/**
 * Makes the object of what was received and names it in the record. Bytes that are stored already make no second object.
 * `nameTaken`: an object of other bytes stands there, of a run that did not come to name it. `outrun`: another runner
 * was here meanwhile, S3 wants all of it again, or the conversation was erased: then nothing of it stays.
 */
export async function storeCopy(
  context: CopyContext,
  { conversation: { uuid }, file, current }: CopyTask,
  received: Received,
): Promise<'stored' | 'nameTaken' | 'outrun'> {
  const { key, kind, revision } = file;
  const { bytes, sha512, contentType, way } = received;
  const isSame = current !== null && current.sha512 === sha512;
  const made = isSame ? await dropUpload(way) : await makeObject(context, received);
  if (made) return made;
  const media: StoredMedia = isSame ? current : { key, kind, contentType, bytes, sha512, object: way.object };
  let isOurs = false;
  const written = await writeVersion(context, uuid, true, (record) => {
    // An older copy must not replace a newer one.
    isOurs = record !== null && mediaOf(record.conversation, key)?.object === current?.object;
    return record && isOurs ? withMedia(record, { media, revision }, context.now()) : null;
  });
  if (written === 'erased') {
    await removeMediaObject(context.store, way.object);
    return 'outrun';
  }
  return isOurs ? 'stored' : 'outrun';
}

/** Why there is no object of these bytes, or null where there is one: made by now, or by a run that got no further. */
async function makeObject({ store }: CopyContext, received: Received): Promise<'nameTaken' | 'outrun' | null> {
  const { way, last, contentType, sha512 } = received;
  try {
    if ((await completeObject(way, last, contentType)) === 'stored') return null;
  } catch (error) {
    await pauseUpload(way).catch(() => undefined);
    throw error;
  }
  const there = await measureMedia(store, way.object);
  if (!there) return 'outrun';
  return there.sha512 === sha512 ? null : 'nameTaken';
}
