import * as z from 'zod';
import { stampPlace } from '#shared/providers/stamps-of.ts';
import { completed, instantParameter } from './instant-parameter.ts';

const stamp = z.string('expected text').transform((text, context) => {
  const { error } = instantParameter.safeParse(text);
  const place = error ? null : stampPlace(completed(text));
  if (place !== null) return place;
  context.addIssue(error?.issues[0]?.message ?? 'expected an ISO 8601 date-time');
  return z.NEVER;
});

/** An ISO 8601 date-time as `instantParameter` takes it, to the microsecond: text of `stampPlace`. */
export const stampParameter = stamp.meta({ description: 'ISO 8601, compared to the microsecond' });
