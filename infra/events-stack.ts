import { Duration, Stack } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import type { Construct } from 'constructs';
import type { Connection } from '#shared/domain/connections.ts';
import { participantPrefix } from '#shared/facts/table.ts';
import { AppFunction } from './constructs/app-function.ts';
import { followingTable, followTable } from './constructs/follow-table.ts';
import { mediaQueues } from './constructs/media-queues.ts';
import { onQueue, onTable } from './constructs/rights.ts';
import type { StorageStack } from './storage-stack.ts';

export type EventsProps = { name: string; storage: StorageStack; connections: readonly Connection[] };

/**
 * The bus, and the two functions that follow the table's stream: one sends on what was stored, events to the bus and files
 * that are to be copied to their queues; the other keeps what is found by participant. A stream bears no third reader.
 */
export class EventsStack extends Stack {
  constructor(scope: Construct, id: string, { name, storage, connections }: EventsProps) {
    super(scope, id);
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
        ...followingTable(storage),
      ],
      timeout: Duration.minutes(1),
      memoryMb: 512,
    });
    followTable(publish, storage);
    const indexParticipants = new AppFunction(this, 'IndexParticipants', {
      folder: 'index-participants',
      description: 'Keeps the rows by which conversations are found under a participant',
      environment: { table: storage.table.tableName },
      rights: [
        {
          ...onTable(storage.table, ['PutItem']),
          onlyIf: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [`${participantPrefix}*`] } },
        },
        ...followingTable(storage),
      ],
      timeout: Duration.minutes(1),
      memoryMb: 512,
    });
    followTable(indexParticipants, storage);
  }
}
