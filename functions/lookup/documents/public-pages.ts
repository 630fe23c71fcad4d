import * as z from 'zod';
import { parseParameters, readQuery } from '../http/query-string.ts';
import { type Answer, jsonAnswer, type Request, textAnswer } from '../http/request.ts';
import type { Lookup } from '../lookup.ts';
import { noParameters } from '../v1/parameters.ts';

export const healthAnswerSchema = z.object({ status: z.literal('ok') });

/** The function answers: it asks nothing of the store, so that a probe costs nothing. */
export async function answerHealth(_: Lookup, request: Request): Promise<Answer> {
  parseParameters(noParameters, readQuery(request.query));
  return jsonAnswer(healthAnswerSchema.parse({ status: 'ok' }));
}

export const answerRoot = async (): Promise<Answer> =>
  textAnswer('text/plain', 'Earshot: every conversation, looked up under /v1/conversations.\n');
