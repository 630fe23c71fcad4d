import { guidForm } from '#shared/providers/vonage/guid.ts';
import type { Call } from '../../call.ts';
import { notFound } from '../../http/problem.ts';
import { findByDialectIds } from '../../records/dialect-ids.ts';
import type { Found } from '../../records/find-conversation.ts';

/** The interaction of the path. Throws the one 404 for what does not exist and for what the caller may not see. */
export async function findInteraction(call: Call): Promise<Found> {
  const guid = guidForm(call.request.params['guid'] ?? '');
  const found = (await findByDialectIds(call, 'vonage', [guid])).get(guid);
  if (!found) throw notFound('conversation');
  return found;
}
