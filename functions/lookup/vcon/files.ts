import type { StoredConversation } from '#shared/domain/conversation.ts';
import type { StoredMedia } from '#shared/domain/media.ts';
import { mediaHref } from '../media/media-href.ts';
import { safeFilename } from '../media/safe-type.ts';

/** What is heard or seen of a conversation; every other file is an attachment. */
export const isRecording = ({ contentType }: StoredMedia): boolean => /^(audio|video)\//.test(contentType);

/**
 * A file as vCon points to one: its address here (unsigned, so that the vCon stays the same and opens nothing) and its
 * hash, `sha512-` and the digest in base64url. `origin` without a slash at its end.
 */
export const fileReference = ({ id }: Pick<StoredConversation, 'id'>, media: StoredMedia, origin: string) => ({
  mediatype: media.contentType,
  filename: safeFilename(media),
  url: `${origin}${mediaHref(id, media.key)}`,
  content_hash: `sha512-${Buffer.from(media.sha512, 'hex').toString('base64url')}`,
});
