import * as z from 'zod';

/** A sealed cursor that holds the best 100 of a scan, the longest there is, takes three quarters of this. */
const longestCursor = 6_000;

/** What every list of ours takes to be read page by page. */
export const paging = {
  limit: z
    .string()
    .regex(/^([1-9]\d?|100)$/, 'expected an integer from 1 to 100')
    .transform(Number)
    .default(25),
  cursor: z.string().max(longestCursor, 'expected a cursor that this address gave').optional(),
};

export const pageParameters = z.strictObject(paging);
