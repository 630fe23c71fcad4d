import { Duration } from 'aws-cdk-lib';
import { Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { alarmAtFirst } from './alarm-at-first.ts';
import { alarmTopicOf } from './alarm-topic.ts';
import type { AppFunction } from './app-function.ts';

export type Follower = {
  /** the deployment's */
  name: string;
  /** kind of the redrive that works its dead letters off */
  redrive: 'publish' | 'participants';
  /** id of its event source mapping */
  mapping: string;
};

const counted = { namespace: 'AWS/Lambda', statistic: Stats.SUM, period: Duration.minutes(5) };

/**
 * Tells of batches of the table's stream that a function failed for good. The alarms stand in its own stack and not with
 * the others: they find their metric by the id of the mapping, which only CloudFormation knows.
 */
export function alarmAtLostBatches(follower: AppFunction, { name, redrive, mapping }: Follower): void {
  const topic = alarmTopicOf(follower, name);
  alarmAtFirst(follower, 'Dead', {
    alarmName: `${name}-${redrive}-dead`,
    alarmDescription: `Changes of the table failed eleven times in the function behind ${redrive} and lie in the dead-letter bucket, for 28 days. Its log says why. When that is mended: POST /v1/redrives {"kind":"${redrive}"}.`,
    metric: new Metric({
      ...counted,
      metricName: 'OnFailureDestinationDeliveredEventCount',
      dimensionsMap: { EventSourceMappingUUID: mapping },
    }),
    topic,
  });
  alarmAtFirst(follower, 'Lost', {
    alarmName: `${name}-${redrive}-lost`,
    alarmDescription: `Changes of the table failed in the function behind ${redrive} and could not be put into the dead-letter bucket either: no redrive finds them. The conversations themselves are stored.`,
    metric: new Metric({
      ...counted,
      metricName: 'DestinationDeliveryFailures',
      dimensionsMap: { FunctionName: follower.lambda.functionName },
    }),
    topic,
  });
}
