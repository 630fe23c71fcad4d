import type { StoredConversation } from '#shared/domain/conversation.ts';
import type { StoredMedia } from '#shared/domain/media.ts';
import { notFound } from '../http/problem.ts';

/**
 * The file of this key whose bytes are ours. Throws a 404 where there is none. A key is the provider's text; in an address
 * half a surrogate pair becomes the replacement character, so it is found by that too.
 */
export function findMedia({ media }: StoredConversation, key: string): StoredMedia {
  const shown = key.toWellFormed();
  const found = media.find((file) => file.key === key) ?? media.find((file) => file.key.toWellFormed() === shown);
  if (!found) throw notFound('media');
  return found;
}
