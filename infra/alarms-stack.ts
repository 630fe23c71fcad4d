import { CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type IMetric, Metric, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import type { Connection } from '#shared/domain/connections.ts';
import { mediaQueues } from './constructs/media-queues.ts';
import { overdueOf } from './constructs/overdue-metric.ts';
import { deadLettersOf } from './constructs/work-queue.ts';

export type AlarmsProps = { name: string; connections: readonly Connection[] };

/**
 * What a person must see to, told to those who subscribe to the topic. Alarms find their metrics by name, so this stack
 * holds no other one back.
 */
export class AlarmsStack extends Stack {
  constructor(scope: Construct, id: string, { name, connections }: AlarmsProps) {
    super(scope, id);
    const topic = alarmTopic(this);
    for (const { id: connection } of connections.filter(({ paused }) => !paused)) {
      alarmAtFirst(this, `${connection}-overdue`, topic, {
        alarmName: `${name}-${connection}-overdue`,
        alarmDescription: `Artifacts of the connection ${connection} did not come by the last offset of its recheck. Each is asked for once a day for a week, then given up.`,
        metric: overdueOf(name, connection),
      });
    }
    for (const { provider, queueName } of mediaQueues(this, name, connections)) {
      const deadLetters = deadLettersOf(queueName);
      alarmAtFirst(this, `${provider}-media-dead`, topic, {
        alarmName: deadLetters,
        alarmDescription: `Copies of ${provider} media failed again and again: their files stay pending. The queue ${deadLetters} keeps the jobs; the log of the media function says why.`,
        metric: new Metric({
          namespace: 'AWS/SQS',
          metricName: 'ApproximateNumberOfMessagesVisible',
          dimensionsMap: { QueueName: deadLetters },
          statistic: Stats.MAXIMUM,
          period: Duration.minutes(5),
        }),
      });
    }
  }
}

/** Its policy takes the place of SNS's own, which would let the account's alarms in. */
function alarmTopic(stack: Stack): Topic {
  const topic = new Topic(stack, 'Topic', { displayName: 'Earshot alarms', enforceSSL: true });
  topic.addToResourcePolicy(
    new PolicyStatement({
      principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
      actions: ['sns:Publish'],
      resources: [topic.topicArn],
      conditions: { StringEquals: { 'aws:SourceAccount': stack.account } },
    }),
  );
  new CfnOutput(stack, 'AlarmTopic', { value: topic.topicArn, description: 'Subscribe here to be told of alarms' });
  return topic;
}

type Told = { alarmName: string; alarmDescription: string; metric: IMetric };

/** Goes off at the first of what is counted, and is silent while nothing is. */
function alarmAtFirst(scope: Construct, id: string, topic: Topic, told: Told): void {
  const alarm = new Alarm(scope, id, {
    ...told,
    threshold: 1,
    comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    evaluationPeriods: 1,
    treatMissingData: TreatMissingData.NOT_BREACHING,
  });
  alarm.addAlarmAction(new SnsAction(topic));
}
