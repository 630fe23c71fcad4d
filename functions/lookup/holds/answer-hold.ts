import * as z from 'zod';
import { formatInstant } from '#shared/domain/instant.ts';
import { holdConversation, releaseConversation } from '#shared/storage/holds.ts';
import type { Call } from '../call.ts';
import { notFound } from '../http/problem.ts';
import { parseParameters, readQuery } from '../http/query-string.ts';
import { type Answer, jsonAnswer } from '../http/request.ts';
import { findConversation } from '../records/find-conversation.ts';
import { noParameters } from '../v1/parameters.ts';

export const holdSchema = z.object({
  id: z.string(),
  uuid: z.string(),
  held: z.boolean(),
  since: z.iso.datetime().nullable().meta({ description: 'when it was held first; `null` where it is not held' }),
});

/** `PUT /v1/conversations/{id}/hold`: neither erased nor expired from now on. Again it changes nothing. */
export async function hold(call: Call): Promise<Answer> {
  const { id, uuid } = await conversationOf(call);
  const since = await holdConversation(call.lookup.store, uuid, formatInstant(call.lookup.now()));
  // Erased since we looked.
  if (since === null) throw notFound('conversation');
  return jsonAnswer(holdSchema.parse({ id, uuid, held: true, since }));
}

/** `DELETE /v1/conversations/{id}/hold`: of one that is not held too. */
export async function release(call: Call): Promise<Answer> {
  const { id, uuid } = await conversationOf(call);
  if (!(await releaseConversation(call.lookup.store, uuid))) throw notFound('conversation');
  return jsonAnswer(holdSchema.parse({ id, uuid, held: false, since: null }));
}

async function conversationOf(call: Call): Promise<{ id: string; uuid: string }> {
  parseParameters(noParameters, readQuery(call.request.query));
  return (await findConversation(call)).conversation;
}
