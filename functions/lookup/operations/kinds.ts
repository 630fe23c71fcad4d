import type * as z from 'zod';
import type { Operation, OperationKind } from '#shared/domain/operation.ts';
import { backfillRequest, backfillSchema } from '#shared/domain/operation-backfill.ts';
import { erasureRequest, erasureSchema } from '#shared/domain/operation-erasure.ts';
import { redriveRequest, redriveSchema } from '#shared/domain/operation-redrive.ts';
import { replayRequest, replaySchema } from '#shared/domain/operation-replay.ts';
import { reprocessRequest, reprocessSchema } from '#shared/domain/operation-reprocess.ts';
import type { Call } from '../call.ts';
import { beginBackfill, withConnectionError } from './backfills.ts';
import { beginErasure, cancelErasure } from './erasures.ts';
import { beginReprocess } from './reprocess.ts';

/** What can be asked for: a kind of operation with its request, how it is shown, and words for the documents. */
export type AskedKind = {
  kind: OperationKind;
  request: z.ZodObject;
  view: z.ZodType;
  /** what one is called in an operationId */
  name: string;
  /** what asking for one does */
  summary: string;
  /**
   * Begins what is asked for, and gives it as it is then; throws what the request has against it that its schema cannot
   * see. Where it is left out, every request begins an operation of its own.
   */
  begin?: (call: Call, request: unknown) => Promise<Operation>;
  /** whether a client that is limited to connections may ask: `begin` reaches no others */
  isLimited?: true;
  /** cancels one in another way than to end it where it is */
  cancel?: (call: Call, found: Operation) => Promise<Operation | null>;
  /** further statuses of an asking that is refused */
  refusals?: readonly number[];
  /** what is to be shown of one beside what it says itself */
  amend?: (call: Call, operation: Operation) => Promise<Operation>;
};

export const askedKinds: readonly AskedKind[] = [
  {
    kind: 'backfills',
    request: backfillRequest,
    view: backfillSchema,
    name: 'Backfill',
    summary: 'Reads a span of the past again, behind the polls of its connection and from their next tick on',
    begin: beginBackfill,
    refusals: [409],
    amend: withConnectionError,
  },
  {
    kind: 'erasures',
    request: erasureRequest,
    view: erasureSchema,
    name: 'Erasure',
    summary: 'Removes conversations, or all of a person, for good, with everything that came of them',
    begin: beginErasure,
    isLimited: true,
    cancel: cancelErasure,
    refusals: [409],
  },
  {
    kind: 'replays',
    request: replayRequest,
    view: replaySchema,
    name: 'Replay',
    summary: 'Puts events of the past on the bus again, under the ids that they had',
  },
  {
    kind: 'redrives',
    request: redriveRequest,
    view: redriveSchema,
    name: 'Redrive',
    summary: 'Does again the work that is in the dead letters',
  },
  {
    kind: 'reprocess',
    request: reprocessRequest,
    view: reprocessSchema,
    name: 'Reprocess',
    summary: 'Builds records anew from the raw answers that are kept of them',
    begin: beginReprocess,
  },
];
