import type { ArtifactState } from '#shared/domain/artifact.ts';
import { generationOf, mediaObject } from '#shared/domain/media-copy.ts';
import type { MediaJob } from '#shared/domain/media-job.ts';
import type { Place } from '#shared/ingest/media-session.ts';
import type { MediaSource } from '#shared/providers/connector.ts';
import { leastPartBytes, mostParts } from '#shared/storage/media-uploads.ts';
import { type CopyContext, type CopyTask, readTask } from './copy-task.ts';
import { noCopyFrom, writeNoCopy } from './no-copy.ts';
import { type Received, receive } from './receive.ts';
import { openSource } from './source.ts';
import { storeCopy } from './store-copy.ts';

/**
 * How a job ended: there was nothing to do; the time was up, and another run goes on where this one stopped; or what the
 * file's artifact is now.
 */
export type CopyEnd = { end: 'nothing' | 'timeUp' | ArtifactState; bytes: number };

/** Other runners and objects in the way that one run bears before something must be wrong. */
const attemptLimit = 5;

/**
 * Copies one file of a conversation from its provider into the bucket and names it in the record: may run twice, stop
 * anywhere or meet another runner. What the provider says of a file that is not to be had becomes the artifact's state.
 * Throws RateLimited; LeaseLost while another runner copies the same; and what else is no word about the file.
 */
export async function copyMedia(context: CopyContext, job: MediaJob): Promise<CopyEnd> {
  try {
    return await copyFile(context, job);
  } catch (error) {
    const why = noCopyFrom(error, job);
    if (why === null) throw error;
    return { end: await writeNoCopy(context, job, why), bytes: 0 };
  }
}

async function copyFile(context: CopyContext, job: MediaJob): Promise<CopyEnd> {
  let skipped = 0;
  for (let attempt = 0; attempt < attemptLimit; attempt++) {
    const task = await readTask(context, job);
    if (!task) return { end: 'nothing', bytes: 0 };
    const found = await locate(context, task);
    if (found.from === 'notYet') return { end: await writeNoCopy(context, job, 'notYet'), bytes: 0 };
    if (found.from === 'nowhere') return { end: await writeNoCopy(context, job, found), bytes: 0 };
    const received = await fetchFile(context, task, found, generationOf(task.current) + 1 + skipped);
    if (!received) return { end: 'timeUp', bytes: 0 };
    const stored = await storeCopy(context, task, received);
    if (stored === 'stored') return { end: 'ready', bytes: received.bytes };
    if (stored === 'nameTaken') skipped += 1;
  }
  throw new Error(`${job.uuid}: lost ${attemptLimit} races for one file`);
}

const locate = ({ media, session }: CopyContext, { conversation, file }: CopyTask): Promise<MediaSource> =>
  media.locate(session, { externalId: conversation.externalId, file });

function fetchFile(context: CopyContext, task: CopyTask, place: Place, generation: number): Promise<Received | null> {
  const { store, session, door, clock, signal, tidy } = context;
  const { file, isBegun } = task;
  const { uuid } = task.conversation;
  const { key, revision } = file;
  const maxBytes = session.connection.mediaMaxBytes;
  const partBytes = Math.max(leastPartBytes, Math.ceil(maxBytes / mostParts));
  const target = { file: { uuid, key }, object: mediaObject(uuid, key, generation), revision, partBytes };
  const open = openSource({ door, place, locate: () => locate(context, task), signal });
  return receive({ store, clock, signal, tidy, open, expected: file, maxBytes, target, isBegun });
}
