import * as z from 'zod';
import { causes, readHistory } from '#shared/domain/history.ts';
import { historyOf } from '#shared/storage/conversation-item.ts';
import type { Call } from '../call.ts';
import { parseParameters, readQuery } from '../http/query-string.ts';
import { type Answer, jsonAnswer } from '../http/request.ts';
import { findConversation } from '../records/find-conversation.ts';
import { noParameters } from './parameters.ts';

const versionSchema = z.object({
  version: z.int().positive(),
  at: z.iso.datetime(),
  cause: z.enum(causes).meta({ description: 'why it was written; a copied file has the cause of what brought it' }),
  changed: z.array(z.string()).meta({ description: 'top-level fields and artifact kinds, of the first version all' }),
});

export const historySchema = z.object({
  versions: z
    .array(versionSchema)
    .meta({ description: 'oldest first; the newest 200 at most, and none from before they were kept' }),
});

/** `GET /v1/conversations/{id}/history` */
export async function answerHistory(call: Call): Promise<Answer> {
  parseParameters(noParameters, readQuery(call.request.query));
  const { item, conversation } = await findConversation(call);
  return jsonAnswer(historySchema.parse({ versions: readHistory({ conversation, history: historyOf(item) }) }));
}
