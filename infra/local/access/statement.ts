import * as z from 'zod';
import { type Condition, conditionKeys, operators } from './conditions.ts';

/** One statement of a policy of an identity, every reference resolved. */
export type Statement = {
  effect: 'Allow' | 'Deny';
  actions: readonly string[];
  resources: readonly string[];
  conditions: readonly Condition[];
};

const oneOrMore = z.union([z.string(), z.array(z.string()).min(1)]).transform((value) => [value].flat());

/** A variable that IAM would fill in stands in none of our policies, and would be taken for text here. */
const plain = oneOrMore.refine((values) => values.every((value) => !value.includes('${')), {
  error: 'expected no policy variable: none is understood',
});

const conditionsSchema = z
  .partialRecord(z.enum(operators), z.partialRecord(z.enum(conditionKeys), plain))
  .default({})
  .transform((given) =>
    Object.entries(given).flatMap(([operator, keys]) =>
      // Entries forget that the schema let only these through.
      Object.entries(keys ?? {}).map(([key, values]) => ({ operator, key, values }) as Condition),
    ),
  );

const statementSchema = z
  .strictObject({
    Sid: z.string().optional(),
    Effect: z.enum(['Allow', 'Deny']),
    Action: plain,
    Resource: plain,
    Condition: conditionsSchema,
  })
  .transform(({ Effect: effect, Action: actions, Resource: resources, Condition: conditions }): Statement => {
    return { effect, actions, resources, conditions };
  });

/** A policy of an identity. What it may hold on AWS and is not understood here is a fault that names it. */
export const policyDocument = z
  .strictObject({ Version: z.literal('2012-10-17'), Id: z.string().optional(), Statement: z.array(statementSchema) })
  .transform(({ Statement: statements }) => statements);
