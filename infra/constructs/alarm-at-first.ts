import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type IMetric, Metric, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';

export type Told = {
  /** made by CloudFormation where absent */
  alarmName?: string;
  /** what it means and what a person does about it */
  alarmDescription: string;
  metric: IMetric;
  /** how much of the metric in a period it takes; 1 where absent */
  threshold?: number;
  /** so many periods in a row; 1 where absent */
  periods?: number;
  /** goes off below the threshold, and where there is nothing to count at all */
  whenBelow?: boolean;
  /** who is told; nobody where absent, and the alarm is only to be seen */
  topic?: ITopic | undefined;
};

/** Goes off at the first of what is counted, and is silent while nothing is; `whenBelow` turns both round. */
export function alarmAtFirst(scope: Construct, id: string, told: Told): Alarm {
  const { topic, threshold = 1, periods = 1, whenBelow = false, ...rest } = told;
  const alarm = new Alarm(scope, id, {
    ...rest,
    threshold,
    comparisonOperator: whenBelow
      ? ComparisonOperator.LESS_THAN_THRESHOLD
      : ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    evaluationPeriods: periods,
    treatMissingData: whenBelow ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
  });
  if (topic) alarm.addAlarmAction(new SnsAction(topic));
  return alarm;
}

/** How many messages wait in a queue, at most within five minutes. */
export const waitingIn = (queueName: string): Metric =>
  new Metric({
    namespace: 'AWS/SQS',
    metricName: 'ApproximateNumberOfMessagesVisible',
    dimensionsMap: { QueueName: queueName },
    statistic: Stats.MAXIMUM,
    period: Duration.minutes(5),
  });
