import type * as z from 'zod';
import type { OperationKind } from '#shared/domain/operation.ts';
import { redriveRequest, redriveSchema } from '#shared/domain/operation-redrive.ts';
import { replayRequest, replaySchema } from '#shared/domain/operation-replay.ts';

/** What can be asked for: a kind of operation with its request, how it is shown, and words for the documents. */
export type AskedKind = {
  kind: OperationKind;
  request: z.ZodObject;
  view: z.ZodType;
  /** what one is called in an operationId */
  name: string;
  /** what asking for one does */
  summary: string;
};

export const askedKinds: readonly AskedKind[] = [
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
];
