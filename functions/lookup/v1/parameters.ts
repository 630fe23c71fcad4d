import * as z from 'zod';
import { listParameters } from './list-parameters.ts';

/** What the routes take behind the `?`. Each message says what was expected and never repeats what came. */

const ids = z
  .string()
  .transform((text) => text.split(','))
  .pipe(z.array(z.string().min(1, 'expected ids divided by single commas')).max(50, 'expected at most 50 ids'));

const include = z.literal('transcript', { error: 'expected transcript' }).optional();

export const idsParameters = z.strictObject({ ids, include });
/** Both ways to ask `/v1/conversations`, for the documents: `ids` and `include` go together, the others go without. */
export const conversationsQuery = z.strictObject({ ...listParameters.shape, ids: ids.optional(), include });
export const includeParameters = z.strictObject({ include });
export const noParameters = z.strictObject({});
