import type { Call } from '../call.ts';
import type { Answer } from '../http/request.ts';
import type { Found } from '../records/find-conversation.ts';

/**
 * The bytes of a file of a conversation as `call.request` asks for them (method, Range, conditions). Throws a 404 where
 * the conversation has no such file. Notes the reading.
 */
export async function answerMedia(_call: Call, _found: Found, _key: string): Promise<Answer> {
  throw new Error('not built yet');
}
