import { Duration, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Connection } from '#shared/domain/connections.ts';
import { indexes, waitingPrefix } from '#shared/facts/table.ts';
import { connectors } from '#shared/providers/registry.ts';
import { alarmAtMissedPolls } from './constructs/alarms/poll-alarms.ts';
import { AppFunction } from './constructs/app-function.ts';
import { ConnectionSchedules } from './constructs/connection-schedules.ts';
import { holdOpen } from './constructs/hold-open.ts';
import { countLogged } from './constructs/logged-metrics.ts';
import { mediaQueues, type ProviderQueueAddress } from './constructs/media-queues.ts';
import { onIndexes, onObjects, onPartitionsUnder, onQueue, onTable } from './constructs/rights.ts';
import { connectionSecrets } from './secret-names.ts';
import type { StorageStack } from './storage-stack.ts';

export type IngestionProps = {
  name: string;
  storage: StorageStack;
  connections: readonly Connection[];
  settleMs: number;
};

/** For each provider in use: one poll function, with that provider's connections and secrets only, and their schedules. */
export class IngestionStack extends Stack {
  constructor(scope: Construct, id: string, props: IngestionProps) {
    super(scope, id);
    holdOpen(this);
    const queues = mediaQueues(this, props.name, props.connections);
    for (const { provider } of connectors) {
      const connections = props.connections.filter((connection) => connection.provider === provider);
      if (connections.length === 0) continue;
      const queue = queues.find((one) => one.provider === provider);
      const poll = pollFunction(this, provider, queue, { ...props, connections });
      const { name } = props;
      countLogged(poll, name, [
        ...(['overdue', 'degraded', 'silent', 'quarantined', 'gapsLeft', 'restless', 'failed', 'crashed'] as const),
      ]);
      alarmAtMissedPolls(poll, name, provider, connections);
      new ConnectionSchedules(this, `${provider}-schedules`, { name, provider, target: poll.lambda, connections });
    }
  }
}

/** `connections` are those of the provider, `queue` is where it asks for copies. */
function pollFunction(
  scope: Construct,
  provider: Connection['provider'],
  queue: ProviderQueueAddress | undefined,
  { connections, settleMs, storage: { table, bucket, imports } }: IngestionProps,
): AppFunction {
  return new AppFunction(scope, `${provider}-poll`, {
    folder: 'poll',
    description: `Reads what ${provider} lists and stores it`,
    environment: {
      table: table.tableName,
      bucket: bucket.bucketName,
      provider,
      settleMs: String(settleMs),
      ...(queue && { mediaQueue: queue.url }),
    },
    connections: { connections: [...connections], clients: [], corsOrigins: [] },
    secrets: connectionSecrets(connections),
    rights: [
      onTable(table, ['GetItem', 'BatchGetItem', 'PutItem', 'UpdateItem', 'Query']),
      onPartitionsUnder(table, ['DeleteItem'], waitingPrefix),
      onIndexes(table, [indexes.byDue, ...ledgerIndexes(provider)]),
      onObjects(imports.bucketArn, ['PutObject'], ['quarantine', 'transcripts', 'raw', 'ledger']),
      // What was put for a version that a tombstone refused goes again.
      onObjects(imports.bucketArn, ['DeleteObject'], ['transcripts']),
      onObjects(imports.bucketArn, ['GetObject'], ['transcripts', 'raw', 'ledger']),
      ...(queue ? [onQueue(queue.arn, ['SendMessage'])] : []),
    ],
    // A run ends itself before that; a lease keeps it apart from the next, which starts a minute later at the earliest.
    timeout: Duration.minutes(5),
    memoryMb: 512,
  });
}

/** Where the ledger looks for what is stored of an hour (shared/ingest/verify-hours.ts). */
function ledgerIndexes(provider: Connection['provider']) {
  const streams = connectors.find((connector) => connector.provider === provider)?.streams ?? [];
  const byStartAlone = streams.every(({ ledger }) => ledger.stamp === 'startedAt');
  return byStartAlone ? [indexes.byStart] : [indexes.byStart, indexes.byUpdate];
}
