import { formatInstant } from '#shared/domain/instant.ts';
import type { Call } from '../call.ts';
import type { Found } from '../records/find-conversation.ts';
import { findMedia } from './find-media.ts';
import { signLink } from './link-token.ts';
import { mediaHref } from './media-href.ts';

/** A link to a file's bytes that needs no header. */
export type MediaLink = {
  /** path and query at our own address; a dialect puts `call.request.origin` before it */
  href: string;
  /** ISO 8601 */
  expiresAt: string;
};

/**
 * A link to these bytes for `lifeMs`, bound to file and client: what the client may not see any more, its links do not show
 * either. Throws a 404 where the conversation has no such file.
 */
export async function makeLink(
  { lookup, caller }: Call,
  { conversation }: Found,
  key: string,
  lifeMs: number,
): Promise<MediaLink> {
  const media = findMedia(conversation, key);
  const expiresAt = lookup.now() + lifeMs;
  const { links } = (await lookup.keys()).current;
  const token = signLink(links, { uuid: conversation.uuid, key: media.key }, caller.id, expiresAt);
  return { href: `${mediaHref(conversation.id, media.key)}?link=${token}`, expiresAt: formatInstant(expiresAt) };
}
