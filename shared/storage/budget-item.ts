import type { UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { Refused } from './budget-estimate.ts';
import { type BudgetState, longestBlockMs, type SpanName, type SpanPlan } from './budget-window.ts';

/** How a group's budget lies in the table, and the conditional updates of it. */

/** Short, because the item is written often: number of the window, used in it; blocked until; what a refusal taught. */
const attributes = {
  minute: { index: 'mw', used: 'mu' },
  hour: { index: 'hw', used: 'hu' },
  blockedUntil: 'bu',
  refused: { index: 'ri', limit: 'rl' },
} as const;

const itemSchema = z.object({
  mw: z.number().optional(),
  mu: z.number().default(0),
  hw: z.number().optional(),
  hu: z.number().default(0),
  bu: z.number().default(0),
  ri: z.number().optional(),
  rl: z.number().optional(),
});

export const keyOf = (group: string) => ({ pk: `budget#${group}`, sk: 'budget' });

export function toState(item: unknown): BudgetState {
  const { mw, mu, hw, hu, bu, ri, rl } = itemSchema.parse(item);
  return {
    minute: mw === undefined ? null : { index: mw, used: mu },
    hour: hw === undefined ? null : { index: hw, used: hu },
    blockedUntil: bu,
    refused: ri === undefined ? null : { index: ri, limit: rl ?? null },
  };
}

/** The parts of an UpdateItem that its expression is made of. */
export type Update = Pick<
  UpdateCommandInput,
  'UpdateExpression' | 'ConditionExpression' | 'ExpressionAttributeNames' | 'ExpressionAttributeValues'
>;

/** Counts up what a plan granted, on the condition that it still holds. */
export function claimUpdate(spans: readonly SpanPlan[], granted: number, state: BudgetState, now: number): Update {
  const set: string[] = [];
  const add: string[] = [];
  const conditions = ['(attribute_not_exists(#b) OR #b <= :now OR #b > :far)'];
  const names: Record<string, string> = { '#b': attributes.blockedUntil };
  const values: Record<string, number> = { ':now': now, ':far': now + longestBlockMs };
  for (const { span, index, how, used, ceiling } of spans) {
    const [i, u] = [`#${span}Index`, `#${span}Used`];
    const [at, bound, next] = [`:${span}At`, `:${span}Bound`, `:${span}Next`];
    names[i] = attributes[span].index;
    names[u] = attributes[span].used;
    if (how === 'begin') {
      const before = state[span];
      set.push(`${i} = ${at}`, `${u} = ${next}`);
      conditions.push(before === null ? `attribute_not_exists(${i})` : `${i} = ${bound}`);
      Object.assign(values, { [at]: index, [next]: used + granted }, before === null ? {} : { [bound]: before.index });
      continue;
    }
    const raised = how === 'raise';
    if (raised) set.push(`${u} = ${next}`);
    else add.push(`${u} ${next}`);
    conditions.push(`${i} = ${at} AND ${u} <= ${bound}`);
    values[at] = index;
    values[bound] = raised ? used : ceiling - granted;
    values[next] = raised ? used + granted : granted;
  }
  return {
    UpdateExpression: [set.length > 0 ? `SET ${set.join(', ')}` : '', add.length > 0 ? `ADD ${add.join(', ')}` : '']
      .join(' ')
      .trim(),
    ConditionExpression: conditions.join(' AND '),
    ExpressionAttributeNames: names,
    ExpressionAttributeValues: values,
  };
}

export function raiseUpdate(span: SpanName, index: number, used: number): Update {
  return {
    UpdateExpression: 'SET #u = :used',
    ConditionExpression: '#i = :index AND #u < :used',
    ExpressionAttributeNames: { '#i': attributes[span].index, '#u': attributes[span].used },
    ExpressionAttributeValues: { ':index': index, ':used': used },
  };
}

/**
 * A block is only ever moved further away, unless it lies where only a wrong clock can have put it. What the refusal
 * taught is kept with it: of several in flight together only the first tells.
 */
export function blockUpdate(until: number, now: number, refused: Refused | null): Update {
  const { index, limit } = attributes.refused;
  const taught = refused !== null;
  const set = `SET #b = :until${taught ? ', #i = :index' : ''}${taught && refused.limit !== null ? ', #l = :limit' : ''}`;
  return {
    UpdateExpression: taught && refused.limit === null ? `${set} REMOVE #l` : set,
    ConditionExpression: 'attribute_not_exists(#b) OR #b < :until OR #b > :far',
    ExpressionAttributeNames: { '#b': attributes.blockedUntil, ...(taught && { '#i': index, '#l': limit }) },
    ExpressionAttributeValues: {
      ':until': until,
      ':far': now + longestBlockMs,
      ...(taught && { ':index': refused.index }),
      ...(taught && refused.limit !== null && { ':limit': refused.limit }),
    },
  };
}
