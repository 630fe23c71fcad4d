import * as z from 'zod';
import { stampParameter } from '../stamp-parameter.ts';

/** What the addresses take (docs.magpipe.ai/api-reference/endpoints). Each message says what was expected. */

const callId = z.string('expected text').min(1, 'must not be empty').max(512, 'expected an id');

export const callQuestion = z.object({ call_id: callId });

const longestLifeSeconds = 86_400;

export const linkQuestion = z.object({
  call_id: callId,
  expires_in: z
    .int('expected a whole number of seconds')
    .min(1, 'expected at least 1')
    .default(3_600)
    .transform((seconds) => Math.min(seconds, longestLifeSeconds))
    .meta({ description: `seconds; more than ${longestLifeSeconds} are taken for so many` }),
});

const mostRows = 100;

export const listQuestion = z.object({
  limit: z
    .int('expected a whole number')
    .min(1, 'expected at least 1')
    .default(50)
    .transform((limit) => Math.min(limit, mostRows))
    .meta({ description: `more than ${mostRows} are taken for so many` }),
  offset: z.int('expected a whole number').min(0, 'expected at least 0').default(0),
  direction: z.enum(['inbound', 'outbound'], 'expected inbound or outbound').optional(),
  status: z
    .enum(
      ['completed', 'busy', 'no-answer', 'failed', 'canceled', 'in-progress'],
      'expected completed, busy, no-answer, failed, canceled or in-progress',
    )
    .optional(),
  agent_id: z.string('expected text').min(1, 'must not be empty').max(512, 'expected an id').optional(),
  from_date: stampParameter.optional().meta({ description: 'ISO 8601: created then or later' }),
  to_date: stampParameter.optional().meta({ description: 'ISO 8601: created then or before' }),
  phone_number: z.string('expected text').min(1, 'must not be empty').max(64, 'expected a number').optional(),
});
export type ListQuestion = z.infer<typeof listQuestion>;
