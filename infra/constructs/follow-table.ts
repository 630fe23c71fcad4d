import { FilterCriteria, FilterRule, MetricType, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { DynamoEventSource, S3OnFailureDestination } from 'aws-cdk-lib/aws-lambda-event-sources';
import {
  conversationSort,
  driftPrefix,
  hourReading,
  ledgerPrefix,
  operationsPrefix,
  stateChange,
  streamsPartition,
  tableKeys,
} from '#shared/facts/table.ts';
import type { StorageStack } from '../storage-stack.ts';
import { alarmAtFollower, type Follower } from './alarms/follower-alarms.ts';
import type { AppFunction } from './app-function.ts';
import type { Right } from './rights.ts';

/** What Lambda asks of a function that reads the table's stream and whose failed batches go to a bucket. */
export const followingTable = ({ table, imports }: StorageStack): Right[] => [
  {
    actions: ['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListStreams'].map((name) => `dynamodb:${name}`),
    resources: [table.tableStreamArn ?? ''],
  },
  { actions: ['s3:ListBucket'], resources: [imports.deadLettersArn] },
  {
    actions: ['s3:PutObject'],
    resources: [`${imports.deadLettersArn}/*`],
    anyOf: 'Lambda names the objects of failed batches itself.',
  },
];

const { partition, sort } = tableKeys;

/** Changes of conversations. */
const conversations = FilterCriteria.filter({
  dynamodb: { Keys: { [sort]: { S: FilterRule.isEqual(conversationSort) } } },
});

const insertedUnder = (prefix: string) =>
  FilterCriteria.filter({
    eventName: FilterRule.isEqual('INSERT'),
    dynamodb: { Keys: { [partition]: { S: FilterRule.beginsWith(prefix) } } },
  });

/**
 * What else there is to be told: changes of a connection's state, readings of the ledger's hours, new fields of a provider,
 * operations asked for.
 */
export const furtherNews: readonly Filter[] = [
  FilterCriteria.filter({
    dynamodb: {
      Keys: { [partition]: { S: FilterRule.isEqual(streamsPartition) } },
      NewImage: { [stateChange]: { N: FilterRule.exists() } },
    },
  }),
  FilterCriteria.filter({
    dynamodb: {
      Keys: { [partition]: { S: FilterRule.beginsWith(ledgerPrefix) } },
      NewImage: { [hourReading]: { N: FilterRule.exists() } },
    },
  }),
  insertedUnder(driftPrefix),
  insertedUnder(operationsPrefix),
];

type Filter = ReturnType<typeof FilterCriteria.filter>;

/** How a follower's lost batches are told of, and what it hears of beside conversations. */
type Following = Omit<Follower, 'mapping'> & { further?: readonly Filter[] };

/**
 * Hands the function every change of a conversation's item, in order, from the first on, and what `further` lets through.
 * What else changes in the table, what such a function itself writes there included, never invokes one.
 */
export function followTable(
  follower: AppFunction,
  { table, deadLetters }: StorageStack,
  { further = [], ...about }: Following,
): void {
  const source = new DynamoEventSource(table, {
    startingPosition: StartingPosition.TRIM_HORIZON,
    batchSize: 100,
    bisectBatchOnError: true,
    reportBatchItemFailures: true,
    retryAttempts: 10,
    onFailure: new S3OnFailureDestination(deadLetters),
    filters: [conversations, ...further],
    metricsConfig: { metrics: [MetricType.EVENT_COUNT] },
  });
  follower.lambda.addEventSource(source);
  alarmAtFollower(follower, { ...about, mapping: source.eventSourceMappingId });
}
