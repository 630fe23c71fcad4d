import { wildcard } from './wildcard.ts';

/** What a policy may look at in a request, as far as the embedded endpoints tell of it. */
export const conditionKeys = ['dynamodb:LeadingKeys', 'dynamodb:Attributes', 's3:prefix'] as const;
export type ConditionKey = (typeof conditionKeys)[number];

/** The values that a request has for a key; a key that it has no value for is absent. */
export type Context = Partial<Readonly<Record<ConditionKey, readonly string[]>>>;

export const operators = [
  'StringEquals',
  'StringLike',
  'ForAllValues:StringEquals',
  'ForAllValues:StringLike',
] as const;
export type Operator = (typeof operators)[number];

/** What must hold of a request, beside action and resource. */
export type Condition = { operator: Operator; key: ConditionKey; values: readonly string[] };

type Comparison = (value: string, expected: string) => boolean;
const equals: Comparison = (value, expected) => value === expected;
const isLike: Comparison = (value, expected) => wildcard(expected).test(value);

/** The one value fits one that is expected; without a value nothing fits. */
const single =
  (compare: Comparison) =>
  (values: readonly string[], expected: readonly string[]): boolean =>
    values.length === 1 && values.every((value) => expected.some((one) => compare(value, one)));

/** Every value fits one that is expected, which is true of none at all, as IAM has it. */
const forAll =
  (compare: Comparison) =>
  (values: readonly string[], expected: readonly string[]): boolean =>
    values.every((value) => expected.some((one) => compare(value, one)));

const tests: Readonly<Record<Operator, (values: readonly string[], expected: readonly string[]) => boolean>> = {
  StringEquals: single(equals),
  StringLike: single(isLike),
  'ForAllValues:StringEquals': forAll(equals),
  'ForAllValues:StringLike': forAll(isLike),
};

/** Whether all of a statement's conditions hold of a request. */
export const hold = (conditions: readonly Condition[], context: Context): boolean =>
  conditions.every(({ operator, key, values }) => tests[operator](context[key] ?? [], values));
