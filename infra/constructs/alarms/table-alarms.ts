import { Duration, type Stack } from 'aws-cdk-lib';
import { MathExpression, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { watch, watchingFrom } from './watch.ts';

/** Refusals in five minutes that are no start of a rush any more: a table on demand takes twice its highest so far at once. */
const lasting = 100;

/**
 * For a table that refuses requests. Its own errors need no alarm: the SDK asks again, and what that does not cure fails a
 * function, of which there are alarms.
 */
export function alarmAtTable(stack: Stack, name: string, { tableName }: TableV2): void {
  const refused = (metricName: string) =>
    new Metric({
      namespace: 'AWS/DynamoDB',
      metricName,
      dimensionsMap: { TableName: tableName },
      statistic: Stats.SUM,
    });
  watch(stack, watchingFrom(stack, name), {
    alarm: 'table-throttled',
    section: 'table-throttled',
    impact:
      'The table refuses requests because more come than it takes: polls get slower, and lookups may fail until it has grown or a limit is raised.',
    metric: new MathExpression({
      expression: 'FILL(reads, 0) + FILL(writes, 0)',
      usingMetrics: { reads: refused('ReadThrottleEvents'), writes: refused('WriteThrottleEvents') },
      period: Duration.minutes(5),
    }),
    threshold: lasting,
  });
}
