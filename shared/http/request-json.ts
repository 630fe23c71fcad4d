import { ResponseInvalid } from '#shared/domain/errors.ts';
import type { Clock } from './clock.ts';
import { parseJson } from './parse-json.ts';
import { type AnswerHeaders, type HttpAnswer, type HttpRequest, labelOf, send } from './request.ts';
import { statusError } from './status-error.ts';

export type JsonResult = {
  body: unknown;
  headers: AnswerHeaders;
  /** provider's clock (`Date` header), else ours when the request was sent (milliseconds since 1970) */
  servedAt: number;
  sentAt: number;
};

/**
 * One request for JSON. Throws the errors of domain/errors.ts by status, and ResponseInvalid for a 2xx that is not the
 * JSON that was asked for (HTML, nothing, cut, nested beyond reason).
 */
export async function requestJson(request: HttpRequest, clock: Clock): Promise<JsonResult> {
  const headers = { accept: 'application/json', ...request.headers };
  const answer = await send({ ...request, headers }, clock);
  const error = statusError(labelOf(request), answer);
  if (error) throw error;
  return readJson(labelOf(request), answer);
}

/** `text/plain` and no type at all are let through to the parser: some gateways lose the type, never the syntax. */
const jsonType = /^(application\/([a-z0-9.+-]+\+)?json|text\/(json|plain))\s*(;|$)/i;

function readJson(label: string, answer: HttpAnswer): JsonResult {
  const type = answer.headers['content-type'];
  if (type !== undefined && !jsonType.test(type))
    throw new ResponseInvalid(`${label}: answered with another type than JSON`);
  const { headers, servedAt, sentAt } = answer;
  return { body: parseJson(answer.body, label), headers, servedAt, sentAt };
}
