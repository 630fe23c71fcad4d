import { Duration, Stack } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import type { Construct } from 'constructs';
import type { Connection } from '#shared/domain/connections.ts';
import { indexes, participantPrefix, quarantinePrefix } from '#shared/facts/table.ts';
import { alarmAtMissedRuns } from './constructs/alarms/function-alarms.ts';
import { AppFunction } from './constructs/app-function.ts';
import { inboxQueues } from './constructs/inbox-queues.ts';
import { countLogged } from './constructs/logged-metrics.ts';
import { mediaQueues, type ProviderQueueAddress } from './constructs/media-queues.ts';
import { operationsQueue, type QueueAddress, queueAddress } from './constructs/queue-address.ts';
import { onIndexes, onObjects, onPartitionsUnder, onQueue, onTable, type Right } from './constructs/rights.ts';
import { deadLettersOf, WorkQueue } from './constructs/work-queue.ts';
import type { EventsStack } from './events-stack.ts';
import type { StorageStack } from './storage-stack.ts';

export type OperationsProps = {
  name: string;
  storage: StorageStack;
  events: EventsStack;
  connections: readonly Connection[];
  settleMs: number;
};

/** An operation saves its place and goes on in the next invocation when this ends: it is the most that Lambda gives. */
const timeout = Duration.minutes(15);

/** Operations at one time, the least that an event source takes: what they do must not press on what is live. */
const operationsAtOnce = 2;

/** The queue of operations, and the function that works them off. */
export class OperationsStack extends Stack {
  constructor(scope: Construct, id: string, props: OperationsProps) {
    super(scope, id);
    const { name, connections, events, settleMs, storage } = props;
    const own = operationsQueue(this, name);
    const inboxes = inboxQueues(this, name, connections);
    const media = mediaQueues(this, name, connections);
    const { queue } = new WorkQueue(this, 'Queue', { queueName: own.queueName, timeout });
    const operate = new AppFunction(this, 'Operate', {
      folder: 'operate',
      description: 'Works off operations: replays of events, redrives of dead letters, rebuilding of records',
      environment: {
        table: storage.table.tableName,
        bucket: storage.bucket.bucketName,
        bus: events.bus.eventBusName,
        settleMs: String(settleMs),
        mediaQueues: this.toJsonString(addressesOf(media)),
        inboxQueues: this.toJsonString(addressesOf(inboxes)),
        operationsQueue: own.url,
        deadLetters: storage.deadLetters.bucketName,
        publishFunction: events.publish.lambda.functionArn,
        participantsFunction: events.indexParticipants.lambda.functionArn,
      },
      // What they deliver, as records are built anew; it may read no secret.
      connections: { connections: [...connections], clients: [], corsOrigins: [] },
      rights: [
        ...onData(props),
        ...onRecords(props),
        // Jobs come from its own queue; one that must wait or go on is sent there again.
        onQueue(own.arn, ['ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes', 'ChangeMessageVisibility']),
        ...[own, ...inboxes, ...media].flatMap((address) => redriving(this, address)),
      ],
      timeout,
      memoryMb: 1024,
    });
    countLogged(operate, name, ['crashed']);
    this.daily(operate.lambda, name);
    alarmAtMissedRuns(operate, name, {
      ...{ alarm: 'retention-missed', section: 'retention-missed', everyMs: Duration.days(1).toMilliseconds() },
      impact: 'Nothing was removed for three days of what has outlived retain, retainMedia or retainRaw.',
    });
    operate.lambda.addEventSource(
      new SqsEventSource(queue, { batchSize: 1, maxConcurrency: operationsAtOnce, reportBatchItemFailures: true }),
    );
  }

  /** What has outlived its time goes once a day; asked for twice, it is one and the same. */
  private daily(target: IFunction, name: string): void {
    const role = new Role(this, 'DailyRole', {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': this.account } },
      }),
      inlinePolicies: {
        invoke: new PolicyDocument({
          statements: [new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [target.functionArn] })],
        }),
      },
    });
    new CfnSchedule(this, 'Daily', {
      name: `${name}-retention`,
      description: 'Removes what has outlived retain, retainMedia and retainRaw',
      scheduleExpression: 'rate(1 day)',
      flexibleTimeWindow: { mode: 'OFF' },
      target: { arn: target.functionArn, roleArn: role.roleArn, input: JSON.stringify({ retention: 'daily' }) },
    });
  }
}

const addressesOf = (queues: readonly ProviderQueueAddress[]): Record<string, string> =>
  Object.fromEntries(queues.map(({ provider, url }) => [provider, url]));

/** What it may do with the dead letters of a queue: back they go, into the queue that gave them up. */
const redriving = (scope: Construct, { queueName, arn }: QueueAddress): Right[] => [
  onQueue(queueAddress(scope, deadLettersOf(queueName)).arn, [
    ...(['ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes', 'ChangeMessageVisibility'] as const),
  ]),
  onQueue(arn, ['SendMessage']),
];

/** Records are built anew from raw answers: read and written as by a poll, with what is quarantined of them. */
const onRecords = ({ storage: { table, imports } }: OperationsProps): Right[] => [
  onTable(table, ['GetItem', 'BatchGetItem', 'PutItem']),
  onPartitionsUnder(table, ['Query', 'DeleteItem'], quarantinePrefix),
  onIndexes(table, [indexes.byStart]),
  onObjects(imports.bucketArn, ['GetObject', 'PutObject'], ['raw', 'transcripts']),
  onObjects(imports.bucketArn, ['GetObject', 'DeleteObject'], ['quarantine']),
];

/** Operations, the event log and the bus; and what the two readers of the table's stream may, whose failed batches it works off. */
const onData = ({ events, storage: { table, imports } }: OperationsProps): Right[] => [
  { actions: ['events:PutEvents'], resources: [events.bus.eventBusArn] },
  onObjects(imports.bucketArn, ['GetObject', 'PutObject'], ['events']),
  ...erasing(table, imports.bucketArn),
  // Large deliveries lie there; a redrive looks which conversation they are about.
  onObjects(imports.bucketArn, ['GetObject'], ['inbox']),
  listing(imports.bucketArn, 'events/'),
  listing(imports.deadLettersArn, 'aws/lambda/'),
  {
    // An erasure rewrites them.
    actions: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'],
    resources: [`${imports.deadLettersArn}/aws/lambda/*`],
    anyOf: 'Lambda names the objects of failed batches itself.',
  },
];

/** What an erasure may: everything that comes of a conversation lies under one of these. */
const erasing = (table: ITable, bucketArn: string): Right[] => [
  // Operations, and conversations, which have their uuids for keys.
  onTable(table, ['UpdateItem']),
  onPartitionsUnder(table, ['DeleteItem'], participantPrefix),
  onPartitionsUnder(table, ['Query', 'DeleteItem'], 'media#'),
  onObjects(bucketArn, ['DeleteObject'], ['transcripts', 'events', 'inbox']),
  onObjects(bucketArn, ['DeleteObject', 'AbortMultipartUpload'], ['media']),
  onObjects(bucketArn, ['GetObject', 'PutObject'], ['erasures', 'ledger']),
  onObjects(bucketArn, ['DeleteObject'], ['raw']),
  ...['transcripts/', 'media/', 'quarantine/', 'raw/'].map((prefix) => listing(bucketArn, prefix)),
  { actions: ['s3:ListBucketMultipartUploads'], resources: [bucketArn] },
];

const listing = (bucketArn: string, prefix: string): Right => ({
  actions: ['s3:ListBucket'],
  resources: [bucketArn],
  onlyIf: { StringLike: { 's3:prefix': [`${prefix}*`] } },
});
