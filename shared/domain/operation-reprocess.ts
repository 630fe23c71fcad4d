import * as z from 'zod';
import { instant } from './instant-schema.ts';
import { operationSchemaOf } from './operation.ts';
import { idList } from './operation-replay.ts';

/** A reprocess: records are built anew from the raw answers that are kept of them, and no provider is asked. */

export const reprocessRequest = z
  .strictObject({
    connection: z.string('expected text').regex(/^[a-z0-9-]{1,40}$/, 'expected the id of a connection'),
    from: instant
      .pipe(z.iso.datetime())
      .optional()
      .meta({ description: '`startedAt` of the first conversations, included' }),
    to: instant.pipe(z.iso.datetime()).optional().meta({
      description: '`startedAt` of the last conversations, excluded; not in the future',
    }),
    ids: idList
      .optional()
      .meta({ description: 'ids or uuids of conversations of the connection; all of them otherwise' }),
    dryRun: z
      .boolean('expected true or false')
      .optional()
      .meta({ description: 'changes nothing, and says what would be changed' }),
  })
  .refine(({ from, to }) => from === undefined || to === undefined || from < to, {
    path: ['to'],
    message: 'expected an instant behind from',
  });
export type ReprocessRequest = z.infer<typeof reprocessRequest>;

/** Most conversations that a result names. */
export const mostChanges = 100;

const counted = (description: string) => z.int().nonnegative().meta({ description });

export const reprocessResult = z.object({
  count: counted('conversations that differ from what their raw answers give now'),
  restored: counted('of these, records that were quarantined and are understood now'),
  unchanged: counted('conversations that are as their raw answers give them'),
  missingPacks: counted('conversations left as they are: not all of their raw answers are kept any more'),
  withoutRaw: counted('conversations left as they are: they are from before raw answers were kept'),
  notUnderstood: counted('conversations left as they are: a raw answer of theirs is not understood any more'),
  quarantined: counted('quarantined records that are not understood'),
  notFound: counted('ids under which no conversation is stored'),
  changes: z
    .array(z.object({ id: z.string(), changed: z.array(z.string()) }))
    .meta({ description: `the first ${mostChanges}, with the names of the fields and artifacts in which they differ` }),
});
export type ReprocessResult = z.infer<typeof reprocessResult>;

export const noResult: ReprocessResult = {
  ...{ count: 0, restored: 0, unchanged: 0, missingPacks: 0, withoutRaw: 0, notUnderstood: 0, quarantined: 0 },
  ...{ notFound: 0, changes: [] },
};

/** A reprocess as the lookup API shows it. */
export const reprocessSchema = operationSchemaOf('reprocess', reprocessRequest, reprocessResult);
