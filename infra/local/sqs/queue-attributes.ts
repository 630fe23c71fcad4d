import * as z from 'zod';
import { AwsError, notSupported } from '../aws-error.ts';

/** Attributes of a queue as they travel: text under AWS's names. */
export type QueueAttributes = Record<string, string>;

export type RedrivePolicy = { deadLetterTargetArn: string; maxReceiveCount: number };

/** Smallest value, greatest value and default. */
const numbers: Record<string, readonly [number, number, number]> = {
  DelaySeconds: [0, 900, 0],
  MaximumMessageSize: [1024, 1_048_576, 1_048_576],
  MessageRetentionPeriod: [60, 1_209_600, 345_600],
  ReceiveMessageWaitTimeSeconds: [0, 20, 0],
  VisibilityTimeout: [0, 43_200, 30],
};

/** Stored and given back. They guard or encrypt on AWS; on a loopback address there is nothing for them to do. */
const withoutEffect = ['Policy', 'RedriveAllowPolicy', 'SqsManagedSseEnabled', 'KmsMasterKeyId'].concat(
  'KmsDataKeyReusePeriodSeconds',
);

const redrivePolicySchema = z.strictObject({
  deadLetterTargetArn: z.string().startsWith('arn:aws:sqs:'),
  maxReceiveCount: z.coerce.number().int().min(1).max(1000),
});

/** A number attribute of a queue, its default where it was never set. */
export function numberAttribute(attributes: QueueAttributes, name: string): number {
  return Number(attributes[name] ?? numbers[name]?.[2]);
}

/** The attributes with the defaults of those that were never set. */
export function withDefaults(attributes: QueueAttributes): QueueAttributes {
  const defaults = Object.entries(numbers).map(([name, [, , value]]) => [name, String(value)]);
  return { ...Object.fromEntries(defaults), ...attributes };
}

export function redrivePolicy(attributes: QueueAttributes): RedrivePolicy | undefined {
  const text = attributes['RedrivePolicy'];
  return text ? redrivePolicySchema.parse(JSON.parse(text)) : undefined;
}

/** Throws InvalidAttributeName, InvalidAttributeValue or NotImplemented. */
export function checkQueueAttributes(attributes: QueueAttributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    const limits = numbers[name];
    if (limits) {
      const valid = /^\d{1,9}$/.test(value) && Number(value) >= limits[0] && Number(value) <= limits[1];
      if (!valid) throw invalidValue(name);
    } else if (name === 'RedrivePolicy') checkRedrivePolicy(value);
    else if (/^Fifo|^ContentBased|^Dedup/.test(name)) throw notSupported(`SQS queue attribute ${name}`);
    else if (!withoutEffect.includes(name)) throw new AwsError('InvalidAttributeName', `Unknown Attribute ${name}.`);
  }
}

/** An empty value takes the policy away. */
function checkRedrivePolicy(value: string): void {
  try {
    if (value !== '') redrivePolicySchema.parse(JSON.parse(value));
  } catch {
    throw invalidValue('RedrivePolicy');
  }
}

function invalidValue(name: string): AwsError {
  return new AwsError('InvalidAttributeValue', `Invalid value for the parameter ${name}.`);
}
