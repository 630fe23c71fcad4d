import { Duration } from 'aws-cdk-lib';
import { Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { FilterPattern, MetricFilter } from 'aws-cdk-lib/aws-logs';
import { logged } from '#shared/facts/logged.ts';
import type { AppFunction } from './app-function.ts';

/** `name` is the deployment's: two of them in one account may have connections of the same id. */
const metricOf = (name: string) => ({ namespace: name, metricName: 'ArtifactsOverdue' });
const dimension = 'Connection';

/**
 * Counts the artifacts that a function's log says became overdue, by connection. Where there are none nothing is
 * counted, so that the metric costs nothing.
 */
export function countOverdue({ logGroup }: AppFunction, name: string): void {
  const { namespace: metricNamespace, metricName } = metricOf(name);
  new MetricFilter(logGroup, 'Overdue', {
    logGroup,
    metricNamespace,
    metricName,
    filterPattern: FilterPattern.numberValue(`$.${logged.overdue}`, '>', 0),
    metricValue: `$.${logged.overdue}`,
    dimensions: { [dimension]: `$.${logged.connection}` },
  });
}

/** How many artifacts of a connection became overdue within an hour. */
export const overdueOf = (name: string, connection: string): Metric =>
  new Metric({
    ...metricOf(name),
    dimensionsMap: { [dimension]: connection },
    statistic: Stats.SUM,
    period: Duration.hours(1),
  });
