import { NotAtProvider, ResponseInvalid } from '#shared/domain/errors.ts';
import { pageSchema } from './schema.ts';

/**
 * What stands inside an answer. Every endpoint gives the bare object, while the introduction of the documents describes
 * `{data, error}` around all of them (docs.magpipe.ai/api-reference/introduction): both are taken.
 */

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** `bare` names the field by which the object itself is known. An error inside a 200 is one all the same. */
function payloadOf(body: unknown, bare: string): unknown {
  if (!isFields(body) || Object.hasOwn(body, bare)) return body;
  const { data, error } = body;
  if (error) throw refusalOf(error);
  return isFields(data) ? data : body;
}

/** `{"code","message"}` or a plain text. The letter case of codes differs from endpoint to endpoint. */
function refusalOf(error: unknown): NotAtProvider | ResponseInvalid {
  const code = isFields(error) ? error['code'] : error;
  return typeof code === 'string' && code.toLowerCase() === 'not_found'
    ? new NotAtProvider('an error in place of an answer: not found')
    : new ResponseInvalid('an error in place of an answer');
}

/** One page of the list, its envelope read and its rows untouched. Null where it does not say. */
export type ListAnswer = { rows: readonly unknown[]; total: number | null; hasMore: boolean | null };

export function readList(body: unknown): ListAnswer {
  const parsed = pageSchema.safeParse(payloadOf(body, 'calls'));
  if (!parsed.success) throw new ResponseInvalid('list answer is not {"calls": [...], "total", "has_more"}');
  const { calls, total, has_more: hasMore } = parsed.data;
  return { rows: calls, total: total ?? null, hasMore: hasMore ?? null };
}

/** The call of an answer, unparsed. */
export function readCall(body: unknown): Fields {
  const call = payloadOf(body, 'id');
  if (!isFields(call)) throw new ResponseInvalid('answer is not a call');
  return call;
}
