import type { Duration } from 'aws-cdk-lib';
import { Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { FilterPattern, type IFilterPattern, MetricFilter } from 'aws-cdk-lib/aws-logs';
import { failedMessage, logged } from '#shared/facts/logged.ts';
import type { AppFunction } from './app-function.ts';

type Counted = { metricName: string; pattern: IFilterPattern; value: string };

/** Lines that hold a count above nothing, by that count. */
const countOf = (metricName: string, field: string): Counted => ({
  metricName,
  pattern: FilterPattern.numberValue(`$.${field}`, '>', 0),
  value: `$.${field}`,
});

const linesWith = (metricName: string, pattern: IFilterPattern): Counted => ({ metricName, pattern, value: '1' });

/** What Lambda itself writes where an invocation had no chance to say why it ended. */
const platformsLastWords = [
  'Task timed out',
  'Runtime exited',
  'Runtime.ImportModuleError',
  'Runtime.HandlerNotFound',
  'Uncaught Exception',
  'Unhandled Promise Rejection',
];

/** Refusals that may be a forger, or a secret that was changed on one side only; the others are no webhooks at all. */
const notGenuine = ['signature', 'unsigned', 'time'];

/**
 * What is counted of the functions' log lines. None has a dimension: each value of one is a metric that costs, and the
 * line itself names the connection. Where there is nothing to count there is no metric, and no cost.
 */
const signals = {
  /** artifacts that the last offset of `recheck` did not bring */
  overdue: countOf('ArtifactsOverdue', logged.overdue),
  /** runs behind which a stream is degraded */
  degraded: countOf('RunsDegraded', logged.degraded),
  /** runs of connections from which nothing comes though it should */
  silent: countOf('RunsSilent', logged.silent),
  /** conversations that change for ever, each once a day */
  restless: countOf('ConversationsRestless', logged.restless),
  /** records that could not be understood */
  quarantined: countOf('RecordsQuarantined', logged.quarantined),
  /** ids in the books that are listed, were asked for and did not come */
  gapsLeft: countOf('GapsLeft', logged.gapsLeft),
  /** files that stay where they are for good */
  notCopied: countOf('FilesNotCopied', logged.notCopied),
  /** deliveries whose signature is missing, wrong or not of this time */
  refused: linesWith(
    'WebhooksRefused',
    FilterPattern.any(...notGenuine.map((reason) => FilterPattern.stringValue(`$.${logged.refusal}`, '=', reason))),
  ),
  /** scheduled work that ended with an error */
  failed: linesWith('RunsFailed', FilterPattern.stringValue('$.message', '=', failedMessage)),
  /** invocations that Lambda ended: out of time, out of memory, not to be started */
  crashed: linesWith('FunctionsCrashed', FilterPattern.anyTerm(...platformsLastWords)),
} satisfies Readonly<Record<string, Counted>>;

export type Signal = keyof typeof signals;

/** Counts these in the function's log. `name` is the deployment's: two in one account are counted apart. */
export function countLogged({ logGroup }: AppFunction, name: string, wanted: readonly Signal[]): void {
  for (const signal of wanted) {
    const { metricName, pattern, value } = signals[signal];
    const made = { metricNamespace: name, metricName, metricValue: value, filterPattern: pattern };
    new MetricFilter(logGroup, metricName, { logGroup, ...made });
  }
}

/** How much of it all functions of the deployment logged within a period. */
export const loggedMetric = (name: string, signal: Signal, period: Duration): Metric =>
  new Metric({ namespace: name, metricName: signals[signal].metricName, statistic: Stats.SUM, period });
