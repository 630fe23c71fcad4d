import { CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import type { Construct } from 'constructs';
import type { Connection } from '#shared/domain/connections.ts';
import { participantPrefix } from '#shared/facts/table.ts';
import { admitAccounts } from './constructs/admit-accounts.ts';
import { AppFunction } from './constructs/app-function.ts';
import { followingTable, followTable, furtherNews } from './constructs/follow-table.ts';
import { countLogged } from './constructs/logged-metrics.ts';
import { mediaQueues } from './constructs/media-queues.ts';
import { operationsQueue } from './constructs/queue-address.ts';
import { onObjects, onPartitionsUnder, onQueue } from './constructs/rights.ts';
import type { StorageStack } from './storage-stack.ts';

export type EventsProps = {
  name: string;
  storage: StorageStack;
  connections: readonly Connection[];
  /** ids of other accounts that may keep rules on the bus */
  subscriberAccounts: readonly string[];
};

/**
 * The bus, and the two functions that follow the table's stream: one sends on what was stored, events to the bus and files
 * that are to be copied to their queues; the other keeps what is found by participant. A stream bears no third reader.
 */
export class EventsStack extends Stack {
  readonly bus: EventBus;
  /** the stream's readers */
  readonly publish: AppFunction;
  readonly indexParticipants: AppFunction;

  constructor(scope: Construct, id: string, { name, storage, connections, subscriberAccounts }: EventsProps) {
    super(scope, id);
    const bus = new EventBus(this, 'Bus', { eventBusName: name });
    admitAccounts(bus, subscriberAccounts);
    new CfnOutput(this, 'BusArn', { value: bus.eventBusArn, description: 'The bus, as other accounts name it' });
    const queues = mediaQueues(this, name, connections);
    const operations = operationsQueue(this, name);
    const addresses = Object.fromEntries(queues.map(({ provider, url }) => [provider, url]));
    const publish = new AppFunction(this, 'Publish', {
      folder: 'publish',
      description:
        'Publishes events of what was stored, keeps them in the event log, and sends jobs for what is to be done',
      environment: {
        bus: bus.eventBusName,
        bucket: storage.bucket.bucketName,
        mediaQueues: this.toJsonString(addresses),
        operationsQueue: operations.url,
      },
      rights: [
        { actions: ['events:PutEvents'], resources: [bus.eventBusArn] },
        onObjects(storage.imports.bucketArn, ['PutObject'], ['events']),
        ...[...queues, operations].map(({ arn }) => onQueue(arn, ['SendMessage'])),
        ...followingTable(storage),
      ],
      timeout: Duration.minutes(1),
      memoryMb: 512,
    });
    this.bus = bus;
    this.publish = publish;
    countLogged(publish, name, ['crashed']);
    followTable(publish, storage, {
      ...{ name, redrive: 'publish', further: furtherNews },
      late: 'events, copies of media and operations wait with them.',
    });
    const indexParticipants = new AppFunction(this, 'IndexParticipants', {
      folder: 'index-participants',
      description: 'Keeps the rows by which conversations are found under a participant',
      environment: { table: storage.table.tableName },
      rights: [
        onPartitionsUnder(storage.table, ['PutItem', 'DeleteItem'], participantPrefix),
        ...followingTable(storage),
      ],
      timeout: Duration.minutes(1),
      memoryMb: 512,
    });
    this.indexParticipants = indexParticipants;
    countLogged(indexParticipants, name, ['crashed']);
    followTable(indexParticipants, storage, {
      ...{ name, redrive: 'participants' },
      late: 'new conversations are not found under their participants.',
    });
  }
}
