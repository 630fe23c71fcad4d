import { ArnFormat, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

export type QueueAddress = { queueName: string; url: string; arn: string };

/**
 * A queue as another stack finds it, by its name: what a stack imports cannot be removed while it does, so with exports a
 * provider's last connection could not go.
 */
export function queueAddress(scope: Construct, queueName: string): QueueAddress {
  const { region, account, urlSuffix } = Stack.of(scope);
  return {
    queueName,
    url: `https://sqs.${region}.${urlSuffix}/${account}/${queueName}`,
    arn: Stack.of(scope).formatArn({
      service: 'sqs',
      resource: queueName,
      arnFormat: ArnFormat.NO_RESOURCE_NAME,
    }),
  };
}

/** The queue of operations. */
export const operationsQueue = (scope: Construct, name: string): QueueAddress =>
  queueAddress(scope, `${name}-operations`);
