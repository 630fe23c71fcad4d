import * as z from 'zod';
import { mostGuids } from '#shared/providers/vonage/analyses.ts';
import { badParameters } from '../../http/problem.ts';
import { instantParameter } from '../instant-parameter.ts';

/** What the addresses take behind the `?`. Like Vonage, they leave unknown parameters out of account. */

const boolean = z
  .string()
  .regex(/^(true|false)$/i, 'expected true or false')
  .transform((text) => text.toLowerCase() === 'true')
  .default(false);

export const analysisQuery = z.object({ transcript: boolean });

const calls = z
  .string()
  .transform((text) => text.split(',').filter((guid) => guid !== ''))
  .pipe(z.array(z.string()).min(1, 'expected GUIDs').max(mostGuids, `expected at most ${mostGuids} GUIDs`))
  .meta({ description: `GUIDs divided by commas, at most ${mostGuids}` });

export const analysesQuery = z.object({ calls, transcript: boolean });

const mostItems = 1_000;

const limit = z
  .string()
  .regex(/^([1-9]\d{0,2}|1000)$/, `expected an integer from 1 to ${mostItems}`)
  .transform(Number)
  .default(100);

/** A `+` that came unencoded is a blank by now. */
const prefix = z
  .string()
  .max(50, 'expected 1 to 50 characters')
  .transform((text) => text.replace(/^ /, '+'))
  .optional()
  .meta({ description: 'how the address begins' });

export const searchQuery = z.object({
  start: instantParameter,
  end: instantParameter,
  handlingAgentId: z.string().max(512, 'expected the id of an agent').optional(),
  connectFrom: prefix,
  connectTo: prefix,
  direction: z
    .enum(['inbound', 'outbound', 'internal', 'unknown'], { error: 'expected inbound or outbound' })
    .optional(),
  limit,
  continuationToken: z.string().max(1_000, 'expected the token of the page before').optional(),
});
export type Search = z.output<typeof searchQuery>;

const widestMs = 7 * 86_400_000;

/** Throws a 400 where the window runs backwards or is wider than seven days (docs-vcc.atlassian.net/wiki/x/RQKf1). */
export function checkWindow({ start, end }: Search): void {
  if (end < start) throw badParameters([{ name: 'end', description: 'expected an instant that is not before start' }]);
  if (end - start > widestMs)
    throw badParameters([{ name: 'end', description: 'expected at most 7 days behind start' }]);
}

export const noQuery = z.object({});
