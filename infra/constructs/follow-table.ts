import { FilterCriteria, FilterRule, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { DynamoEventSource, S3OnFailureDestination } from 'aws-cdk-lib/aws-lambda-event-sources';
import { conversationSort, tableKeys } from '#shared/facts/table.ts';
import type { StorageStack } from '../storage-stack.ts';
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

/**
 * Hands the function every change of a conversation's item, in order, from the first on. What else changes in the table,
 * what such a function itself writes there included, never invokes one.
 */
export function followTable(follower: AppFunction, { table, deadLetters }: StorageStack): void {
  follower.lambda.addEventSource(
    new DynamoEventSource(table, {
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize: 100,
      bisectBatchOnError: true,
      reportBatchItemFailures: true,
      retryAttempts: 10,
      onFailure: new S3OnFailureDestination(deadLetters),
      filters: [
        FilterCriteria.filter({
          dynamodb: { Keys: { [tableKeys.sort]: { S: FilterRule.isEqual(conversationSort) } } },
        }),
      ],
    }),
  );
}
