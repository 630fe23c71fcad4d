import type { Lookup } from './lookup.ts';
import { noParameters } from './parameters.ts';
import { parseParameters, readQuery } from './query-string.ts';
import { type Answer, jsonAnswer, type Request, textAnswer } from './request.ts';

/** The function answers: it asks nothing of the store, so that a probe costs nothing. */
export async function answerHealth(_: Lookup, request: Request): Promise<Answer> {
  parseParameters(noParameters, readQuery(request.query));
  return jsonAnswer({ status: 'ok' });
}

export const answerRoot = async (): Promise<Answer> =>
  textAnswer('text/plain', 'Earshot: every conversation, looked up under /v1/conversations.\n');
