import { Duration, type Stack } from 'aws-cdk-lib';
import { Dashboard, GraphWidget, type IMetric, MathExpression, TextWidget } from 'aws-cdk-lib/aws-cloudwatch';
import { waitingIn } from './alarm-at-first.ts';
import type { QueueWatched } from './alarms/queue-alarms.ts';
import type { Watching } from './alarms/watch.ts';
import { loggedMetric, type Signal } from './logged-metrics.ts';
import { deadLettersOf } from './work-queue.ts';

const period = Duration.minutes(5);
const width = 12;

/** What is counted of logs, in the order in which somebody looks for what is wrong. */
const logged: readonly Signal[] = [
  'degraded',
  'silent',
  'failed',
  'crashed',
  'overdue',
  'quarantined',
  'gapsLeft',
  'restless',
  'notCopied',
  'refused',
];

/** What a function's name, or the table's, begins with: CloudFormation makes them of the stack's. */
const tokensOf = (name: string): string => `(${name.split('-').join(' AND ')})`;

/**
 * One page of what the deployment does. Functions and the table are searched for by the beginning of their names, which only
 * CloudFormation knows whole: imported, they would hold their stacks back.
 */
export function addDashboard(stack: Stack, { name }: Watching, queues: readonly QueueWatched[]): void {
  const found = (label: string, dimension: string, metric: string, statistic: string): IMetric =>
    new MathExpression({
      label,
      expression: `SEARCH('{${dimension}} MetricName="${metric}" ${dimension.split(',')[1]}=${tokensOf(name)}', '${statistic}')`,
      usingMetrics: {},
      period,
    });
  const ofFunctions = (metric: string, statistic: string) => found('', 'AWS/Lambda,FunctionName', metric, statistic);
  const graph = (title: string, left: IMetric[]) => new GraphWidget({ title, left, width, period });
  new Dashboard(stack, 'Dashboard', {
    dashboardName: name,
    widgets: [
      [
        new TextWidget({
          markdown: `# Earshot (${name})\nWhat each alarm means and what to do: docs/runbook.md. State of each connection: \`GET /v1/connections\`.`,
          width: 24,
          height: 2,
        }),
      ],
      [
        graph(
          'Told by the logs',
          logged.map((signal) => loggedMetric(name, signal, period)),
        ),
        graph(
          'Dead letters',
          queues.map(({ queueName }) => waitingIn(deadLettersOf(queueName))),
        ),
      ],
      [graph('Invocations', [ofFunctions('Invocations', 'Sum')]), graph('Errors', [ofFunctions('Errors', 'Sum')])],
      [
        graph('Throttles', [ofFunctions('Throttles', 'Sum')]),
        graph('Duration (ms)', [ofFunctions('Duration', 'Maximum')]),
      ],
      [
        graph(
          'Waiting',
          queues.map(({ queueName }) => waitingIn(queueName)),
        ),
        graph('Age of the stream (ms)', [ofFunctions('IteratorAge', 'Maximum')]),
      ],
      [
        graph('Write units', [found('', 'AWS/DynamoDB,TableName', 'ConsumedWriteCapacityUnits', 'Sum')]),
        graph('Read units', [found('', 'AWS/DynamoDB,TableName', 'ConsumedReadCapacityUnits', 'Sum')]),
      ],
    ],
  });
}
