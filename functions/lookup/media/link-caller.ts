import * as z from 'zod';
import { type Caller, findCallerById } from '../access/clients.ts';
import { unauthorized } from '../http/problem.ts';
import { parseParameters, readQuery } from '../http/query-string.ts';
import type { Request } from '../http/request.ts';
import type { Lookup } from '../lookup.ts';
import { uuidOf } from '../records/find-conversation.ts';
import { verifyLink } from './link-token.ts';

/** No link of ours is nearly as long. */
const longestLink = 500;

export const mediaParameters = z.strictObject({
  link: z
    .string()
    .max(longestLink, 'expected a link that this address gave')
    .optional()
    .meta({ description: 'stands in place of the Authorization header; made by POST …/link' }),
});

/**
 * The caller by the link in the query of a media address, as that client may ask now; null where the query holds none.
 * Throws a 401 for a link that was edited, is of another file or too old, or whose client is gone.
 */
export async function callerOfLink(lookup: Lookup, { query, params }: Request): Promise<Caller | null> {
  const { link } = parseParameters(mediaParameters, readQuery(query));
  if (link === undefined) return null;
  const file = { uuid: uuidOf(params['id'] ?? ''), key: params['key'] ?? '' };
  const keys = (await lookup.keys()).all.map(({ links }) => links);
  const id = verifyLink(keys, file, link, lookup.now());
  const caller = id === null ? null : await findCallerById(lookup.secrets, lookup.file.clients, id);
  if (!caller) throw unauthorized(true);
  return caller;
}
