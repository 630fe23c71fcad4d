import { Duration } from 'aws-cdk-lib';
import { Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { FilterPattern, MetricFilter } from 'aws-cdk-lib/aws-logs';
import { logged } from '#shared/facts/logged.ts';
import type { AppFunction } from './app-function.ts';

const metricOf = (name: string) => ({ namespace: name, metricName: 'WebhooksRefused' });
const dimension = 'Reason';

/**
 * Counts the deliveries that a function's log says were not taken, by the reason. The reasons are few and ours; of which
 * connection it was only the log tells, for each value of a dimension is a metric that costs.
 */
export function countRefused({ logGroup }: AppFunction, name: string): void {
  const { namespace: metricNamespace, metricName } = metricOf(name);
  new MetricFilter(logGroup, 'Refused', {
    logGroup,
    metricNamespace,
    metricName,
    filterPattern: FilterPattern.exists(`$.${logged.refusal}`),
    metricValue: '1',
    dimensions: { [dimension]: `$.${logged.refusal}` },
  });
}

/**
 * How many deliveries were refused within five minutes for a reason: `signature`, `time` and `unsigned` may be a forger or a
 * secret that was changed on one side only, `unavailable` is a fault on our side (functions/webhook/refusals.ts has all).
 */
export const refusedOf = (name: string, reason: 'signature' | 'time' | 'unsigned' | 'unavailable'): Metric =>
  new Metric({
    ...metricOf(name),
    dimensionsMap: { [dimension]: reason },
    statistic: Stats.SUM,
    period: Duration.minutes(5),
  });
