import type { Call } from '../call.ts';
import type { Found } from '../records/find-conversation.ts';

/** A link to a file's bytes that needs no header. */
export type MediaLink = {
  /** path and query at our own address; a dialect puts `call.request.origin` before it */
  href: string;
  /** ISO 8601 */
  expiresAt: string;
};

/** A link to these bytes for `lifeMs`, bound to path and client. Throws a 404 where the conversation has no such file. */
export async function makeLink(_call: Call, _found: Found, _key: string, _lifeMs: number): Promise<MediaLink> {
  throw new Error('not built yet');
}
