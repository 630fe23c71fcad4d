import * as z from 'zod';
import { operationSchemaOf } from './operation.ts';
import { idList } from './operation-replay.ts';

/** A redrive: work that the infrastructure has failed is done again. */

/** Where work can fail: two kinds of queues, the two readers of the table's stream, and operations themselves. */
export const redriveKinds = ['inbox', 'media', 'publish', 'participants', 'operations'] as const;

export const redriveRequest = z.strictObject({
  kind: z.enum(redriveKinds, `expected one of ${redriveKinds.join(', ')}`).meta({
    description:
      '`inbox` webhook deliveries, `media` copies of files, `publish` events of stored versions, `participants` rows by participant, `operations`',
  }),
  ids: idList.optional().meta({
    description:
      'ids or uuids of conversations, ids of messages or of operations; all dead letters where it is left out',
  }),
});
export type RedriveRequest = z.infer<typeof redriveRequest>;

/** Most conversations that a result names. */
export const mostNamed = 100;

export const redriveResult = z.object({
  redriven: z.int().nonnegative().meta({ description: 'dead letters whose work is done or queued again' }),
  left: z.int().nonnegative().meta({ description: 'dead letters that were looked at and stay' }),
  conversations: z
    .array(z.string())
    .meta({ description: `conversations of what was redriven, by id or uuid, the first ${mostNamed}` }),
});
export type RedriveResult = z.infer<typeof redriveResult>;

/** A redrive as the lookup API shows it. */
export const redriveSchema = operationSchemaOf('redrives', redriveRequest, redriveResult);
