import { Duration, Stack } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { FilterCriteria, FilterRule, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { DynamoEventSource, S3OnFailureDestination } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { Construct } from 'constructs';
import type { Connection } from '#shared/domain/connections.ts';
import { conversationSort, tableKeys } from '#shared/facts/table.ts';
import { AppFunction } from './constructs/app-function.ts';
import { mediaQueues } from './constructs/media-queues.ts';
import { onQueue } from './constructs/rights.ts';
import type { StorageStack } from './storage-stack.ts';

export type EventsProps = { name: string; storage: StorageStack; connections: readonly Connection[] };

/**
 * The bus, and the function that sends on what the table's stream says was stored: events to the bus, files that are to
 * be copied to their queues.
 */
export class EventsStack extends Stack {
  constructor(scope: Construct, id: string, { name, storage, connections }: EventsProps) {
    super(scope, id);
    const { table, deadLetters, imports } = storage;
    const bus = new EventBus(this, 'Bus', { eventBusName: name });
    const queues = mediaQueues(this, name, connections);
    const addresses = Object.fromEntries(queues.map(({ provider, url }) => [provider, url]));
    const publish = new AppFunction(this, 'Publish', {
      folder: 'publish',
      description: 'Publishes an event for each stored version of a conversation, and asks for copies of its files',
      environment: { bus: bus.eventBusName, mediaQueues: this.toJsonString(addresses) },
      rights: [
        { actions: ['events:PutEvents'], resources: [bus.eventBusArn] },
        ...queues.map(({ arn }) => onQueue(arn, ['SendMessage'])),
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
