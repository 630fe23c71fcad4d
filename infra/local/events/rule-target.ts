import * as z from 'zod';
import type { BusEvent } from './event.ts';

/** A target of a rule, as PutTargets gives it. */
export const ruleTargetSchema = z.strictObject({
  Id: z.string().regex(/^[\w.-]{1,64}$/),
  Arn: z.string().regex(/^arn:aws:(sqs|lambda):/, 'must be the ARN of a queue or of a function'),
  Input: z.string().refine(isJson, 'must be JSON').optional(),
  InputPath: z
    .string()
    .regex(/^\$(\.[\w-]+)*$/, 'must be a path of field names, $.detail')
    .optional(),
  /** who EventBridge acts as; nobody is asked on a loopback address */
  RoleArn: z.string().optional(),
  DeadLetterConfig: z.strictObject({ Arn: z.string().optional() }).optional(),
  RetryPolicy: z
    .strictObject({
      MaximumRetryAttempts: z.int().min(0).max(185).optional(),
      MaximumEventAgeInSeconds: z.int().min(60).max(86_400).optional(),
    })
    .optional(),
});

export type RuleTarget = z.output<typeof ruleTargetSchema>;

/** What the target gets: the event, a part of it, or a fixed value. */
export function targetInput({ Input, InputPath }: RuleTarget, event: BusEvent): unknown {
  if (Input !== undefined) return JSON.parse(Input);
  const names = (InputPath ?? '$').split('.').slice(1);
  return names.reduce<unknown>(
    (value, name) =>
      value instanceof Object && Object.hasOwn(value, name)
        ? Object.entries(value).find(([key]) => key === name)?.[1]
        : null,
    event,
  );
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
