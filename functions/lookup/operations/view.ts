import type { Operation } from '#shared/domain/operation.ts';
import type { Call } from '../call.ts';
import type { AskedKind } from './kinds.ts';

/** An operation as its kind shows it. */
export const viewOf = async ({ view, amend }: AskedKind, call: Call, operation: Operation): Promise<unknown> =>
  view.parse(amend ? await amend(call, operation) : operation);
