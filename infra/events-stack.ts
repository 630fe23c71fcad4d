import { Duration, Stack } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { FilterCriteria, FilterRule, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { DynamoEventSource, S3OnFailureDestination } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { Construct } from 'constructs';
import { conversationSort, tableKeys } from '#shared/facts/table.ts';
import { AppFunction } from './constructs/app-function.ts';
import type { StorageStack } from './storage-stack.ts';

export type EventsProps = { name: string; storage: StorageStack };

/** The bus, and the function that puts on it what the table's stream says was stored. */
export class EventsStack extends Stack {
  constructor(scope: Construct, id: string, { name, storage }: EventsProps) {
    super(scope, id);
    const { table, deadLetters, imports } = storage;
    const bus = new EventBus(this, 'Bus', { eventBusName: name });
    const publish = new AppFunction(this, 'Publish', {
      folder: 'publish',
      description: 'Publishes an event for each stored version of a conversation',
      environment: { bus: bus.eventBusName },
      rights: [
        { actions: ['events:PutEvents'], resources: [bus.eventBusArn] },
        {
          actions: ['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListStreams'].map(
            (name) => `dynamodb:${name}`,
          ),
          resources: [table.tableStreamArn ?? ''],
        },
        // What Lambda asks of a function whose failed batches go to a bucket.
        { actions: ['s3:ListBucket'], resources: [imports.deadLettersArn] },
        {
          actions: ['s3:PutObject'],
          resources: [`${imports.deadLettersArn}/*`],
          anyOf: 'Lambda names the objects of failed batches itself.',
        },
      ],
      timeout: Duration.minutes(1),
      memoryMb: 512,
    });
    publish.lambda.addEventSource(
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
}
