import { Duration } from 'aws-cdk-lib';
import { Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { waitingIn } from '../alarm-at-first.ts';
import { deadLettersOf } from '../work-queue.ts';
import { type Watching, watch } from './watch.ts';

export type QueueWatched = {
  queueName: string;
  /** kind of the redrive that sends its dead letters back */
  redrive: 'inbox' | 'media' | 'operations';
  /** what did not happen to its dead letters, and where that is explained */
  impact: string;
};

/** For the dead letters of a queue. */
export function alarmAtDeadLetters(scope: Construct, watching: Watching, queue: QueueWatched): void {
  const deadLetters = deadLettersOf(queue.queueName);
  watch(scope, watching, {
    alarm: deadLetters.slice(watching.name.length + 1),
    section: `${queue.redrive}-dead`,
    impact: `${queue.impact} The queue ${deadLetters} keeps them for 14 days. When that is mended: POST /v1/redrives {"kind":"${queue.redrive}"}.`,
    metric: waitingIn(deadLetters),
  });
}

/**
 * For a queue that nobody reads, or not fast enough. Not for copies of media: in a backfill these wait for the budget,
 * which is as it should be, and a file that stays out for long is overdue.
 */
export function alarmAtWaiting(
  scope: Construct,
  watching: Watching,
  { queueName, redrive, impact, after }: QueueWatched & { after: Duration },
): void {
  watch(scope, watching, {
    alarm: `${queueName.slice(watching.name.length + 1)}-waits`,
    section: `${redrive}-waits`,
    impact,
    metric: new Metric({
      namespace: 'AWS/SQS',
      metricName: 'ApproximateAgeOfOldestMessage',
      dimensionsMap: { QueueName: queueName },
      statistic: Stats.MAXIMUM,
      period: Duration.minutes(5),
    }),
    threshold: after.toSeconds(),
  });
}
