import { Duration } from 'aws-cdk-lib';
import { Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { AppFunction } from '../app-function.ts';
import { alarmAtLateness } from './function-alarms.ts';
import { watch, watchingFrom } from './watch.ts';

export type Follower = {
  /** the deployment's */
  name: string;
  /** kind of the redrive that works its dead letters off */
  redrive: 'publish' | 'participants';
  /** what waits while it stands still */
  late: string;
  /** id of its event source mapping */
  mapping: string;
};

const counted = { namespace: 'AWS/Lambda', statistic: Stats.SUM, period: Duration.minutes(5) };

/** For a reader of the table's stream: batches that it failed for good, those that were lost with that, and lateness. */
export function alarmAtFollower(follower: AppFunction, { name, redrive, late, mapping }: Follower): void {
  const watching = watchingFrom(follower, name);
  watch(follower, watching, {
    alarm: `${redrive}-dead`,
    section: 'batches-dead',
    impact: `Changes of the table failed eleven times in the function behind ${redrive} and lie in the dead-letter bucket, for 28 days: ${late} Its log says why. When that is mended: POST /v1/redrives {"kind":"${redrive}"}.`,
    metric: new Metric({
      ...counted,
      metricName: 'OnFailureDestinationDeliveredEventCount',
      dimensionsMap: { EventSourceMappingUUID: mapping },
    }),
  });
  watch(follower, watching, {
    alarm: `${redrive}-lost`,
    section: 'batches-lost',
    impact: `Changes of the table failed in the function behind ${redrive} and could not be put into the dead-letter bucket either: no redrive finds them. The conversations themselves are stored.`,
    metric: new Metric({
      ...counted,
      metricName: 'DestinationDeliveryFailures',
      dimensionsMap: { FunctionName: follower.lambda.functionName },
    }),
  });
  alarmAtLateness(follower, name, `${redrive}-late`, `Changes of the table wait longer than ten minutes: ${late}`);
}
