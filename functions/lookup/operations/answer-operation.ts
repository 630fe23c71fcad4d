import { isOpen, newOperation, type Operation } from '#shared/domain/operation.ts';
import { cancelOperation, getOperation, putOperation } from '#shared/storage/operations.ts';
import type { Call } from '../call.ts';
import { readJsonBody } from '../http/json-body.ts';
import { alreadyEnded, notFound } from '../http/problem.ts';
import { parseParameters, readQuery } from '../http/query-string.ts';
import { type Answer, jsonAnswer } from '../http/request.ts';
import { noParameters } from '../v1/parameters.ts';
import type { AskedKind } from './kinds.ts';
import { checkMayAsk, maySeeOperation } from './may-handle.ts';
import { newId } from './new-id.ts';
import { viewOf } from './view.ts';

/** `POST /v1/{kind}`: only writes down what is wanted; the table's stream starts it. */
export async function askFor(kind: AskedKind, call: Call): Promise<Answer> {
  parseParameters(noParameters, readQuery(call.request.query));
  const request = readJsonBody(kind.request, call.request);
  await checkMayAsk(call, kind, request);
  const operation = await (kind.begin ? kind.begin(call, request) : beginNew(kind, call, request));
  const location = `/v1/${kind.kind}/${operation.id}`;
  return { ...jsonAnswer(await viewOf(kind, call, operation), { location }), statusCode: 202 };
}

async function beginNew({ kind }: AskedKind, { lookup }: Call, request: unknown): Promise<Operation> {
  const operation = newOperation(kind, newId(lookup.now()), request, lookup.now());
  // Refused only where the answer to a first try was lost: nobody else has the id.
  await putOperation(lookup.store, operation);
  return operation;
}

/** `GET /v1/{kind}/{id}` */
export async function showOne(kind: AskedKind, call: Call): Promise<Answer> {
  parseParameters(noParameters, readQuery(call.request.query));
  return jsonAnswer(await viewOf(kind, call, await findOperation(kind, call)));
}

/** `POST /v1/{kind}/{id}/cancel`: again for one that was cancelled before; a 409 for one that ended otherwise. */
export async function cancelOne(kind: AskedKind, call: Call): Promise<Answer> {
  parseParameters(noParameters, readQuery(call.request.query));
  const found = await findOperation(kind, call);
  const cancel = kind.cancel ?? ((_call, open) => cancelOperation(call.lookup.store, open));
  const operation = isOpen(found.state) ? await cancel(call, found) : found;
  if (operation?.state !== 'cancelled') throw alreadyEnded(operation?.state ?? found.state);
  return jsonAnswer(await viewOf(kind, call, operation));
}

/** No id of ours has another form, and a key may not be of any length. */
const idForm = /^[\w-]{1,64}$/;

/** Throws the one 404 for what does not exist and for what the caller may not see. */
async function findOperation({ kind }: AskedKind, { lookup, caller, request }: Call): Promise<Operation> {
  const id = request.params['id'] ?? '';
  const operation = idForm.test(id) ? await getOperation(lookup.store, { kind, id }) : null;
  if (!operation || !maySeeOperation(caller, operation)) throw notFound('operation');
  return operation;
}
