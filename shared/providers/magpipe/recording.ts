import { NotAtProvider } from '#shared/domain/errors.ts';
import type { ListedFile } from '#shared/domain/media.ts';
import type { FileReference, MediaSource, Session } from '../connector.ts';
import { said } from '../field-schemas.ts';
import { fetchCall } from './client.ts';

/** The only file that a call has: its key, and its kind. */
const recordingKey = 'recording';

/** The file behind a call's `recording_url`. The link is kept nowhere: the token in it opens the file to anybody. */
export function filesOf({ recording_url }: { recording_url?: string | null | undefined }): ListedFile[] {
  if (!said(recording_url)) return [];
  return [{ key: recordingKey, kind: recordingKey, contentType: null, bytes: null, revision: null }];
}

/**
 * A fresh link: one lives an hour (docs.magpipe.ai/api-reference/endpoints/get-call). `get-signed-recording-url` would
 * make longer ones, but the version of it that is known only echoes a link.
 */
export async function locateRecording(session: Session, { externalId }: FileReference): Promise<MediaSource> {
  try {
    const { call } = await fetchCall(session, externalId);
    const href = call['recording_url'];
    return typeof href === 'string' && URL.canParse(href) ? { from: 'link', href } : { from: 'notYet' };
  } catch (error) {
    if (error instanceof NotAtProvider) return { from: 'nowhere', state: 'expired', reason: 'gone' };
    throw error;
  }
}
