import type { Ask } from '../access/grants.ts';
import { memberText } from '../aws-json.ts';
import { nameOfArn, queueArn } from '../template/arns.ts';

/** The right that an operation on a queue takes: one on many messages is the same right as on one. */
export function askedOfSqs(operation: string, input: unknown): Ask[] {
  const queue = memberText(input, 'QueueUrl') || memberText(input, 'QueueName');
  return [{ action: `sqs:${operation.replace(/Batch$/, '')}`, resource: queueArn(nameOfArn(queue)) }];
}
