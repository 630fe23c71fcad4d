import { Duration } from 'aws-cdk-lib';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { deadLetterSuffix, mostReceives } from '#shared/facts/queues.ts';

export type WorkQueueProps = {
  queueName: string;
  /** longest time that the function may take for one message */
  timeout: Duration;
};

/** SQS keeps a message for that long at most (days): a backfill may send more than is worked off in a week. */
const longestRetentionDays = 14;

/** What AWS recommends between a function's timeout and its queue's, so that a throttled message is not seen twice. */
const timeoutFactor = 6;

/** Where the messages of a queue go that its function has failed `mostReceives` times. */
export const deadLettersOf = (queueName: string): string => queueName + deadLetterSuffix;

/** A queue for one function, with its dead letters. Both are encrypted and reached over TLS only. */
export class WorkQueue extends Construct {
  readonly queue: Queue;

  constructor(scope: Construct, id: string, { queueName, timeout }: WorkQueueProps) {
    super(scope, id);
    const kept = {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(longestRetentionDays),
    };
    const deadLetters = new Queue(this, 'DeadLetters', { ...kept, queueName: deadLettersOf(queueName) });
    this.queue = new Queue(this, 'Queue', {
      ...kept,
      queueName,
      visibilityTimeout: Duration.seconds(timeoutFactor * timeout.toSeconds()),
      deadLetterQueue: { queue: deadLetters, maxReceiveCount: mostReceives },
    });
  }
}
