import * as z from 'zod';
import type { Operation } from '#shared/domain/operation.ts';
import { listOperations } from '#shared/storage/operations.ts';
import { openPosition, sealPosition } from '../access/position.ts';
import type { Call } from '../call.ts';
import { parseParameters, readQuery } from '../http/query-string.ts';
import { type Answer, jsonAnswer } from '../http/request.ts';
import { pageParameters } from '../v1/page-parameters.ts';
import type { AskedKind } from './kinds.ts';
import { maySeeOperation } from './may-handle.ts';
import { viewOf } from './view.ts';

export const pageSchemaOf = ({ view }: AskedKind) =>
  z.object({ operations: z.array(view), nextCursor: z.string().nullable() });

/** `GET /v1/{kind}`: newest first. */
export async function showList(kind: AskedKind, call: Call): Promise<Answer> {
  const { cursor, limit } = parseParameters(pageParameters, readQuery(call.request.query));
  const query = { list: kind.kind };
  const after = await openPosition(call, cursor, query);
  const { operations: found, next } = await readPage(kind, call, limit, after);
  const operations = await Promise.all(found.map((operation) => viewOf(kind, call, operation)));
  const nextCursor = await sealPosition(call, next, query);
  return jsonAnswer({ operations, nextCursor });
}

/** Rows that one request reads, and that it reads at a time for a client that does not see all of them. */
const mostRows = 1_000;
const chunkRows = 100;

type Page = { operations: Operation[]; next: string | null };

async function readPage(
  { kind }: AskedKind,
  { lookup, caller }: Call,
  limit: number,
  after: string | null,
): Promise<Page> {
  const rows = caller.connections === null ? limit + 1 : chunkRows;
  const seen: Operation[] = [];
  let place = after;
  for (let read = 0; read < mostRows; read += rows) {
    const page = await listOperations(lookup.store, kind, { after: place, limit: rows });
    seen.push(...page.operations.filter((operation) => maySeeOperation(caller, operation)));
    place = page.next;
    const operations = seen.slice(0, limit);
    if (seen.length > limit) return { operations, next: operations.at(-1)?.id ?? null };
    if (place === null) return { operations, next: null };
  }
  return { operations: seen, next: place };
}
