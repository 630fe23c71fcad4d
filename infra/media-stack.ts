import { Duration, Stack } from 'aws-cdk-lib';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { Construct } from 'constructs';
import type { Connection } from '#shared/domain/connections.ts';
import { AppFunction } from './constructs/app-function.ts';
import { holdOpen } from './constructs/hold-open.ts';
import { countLogged } from './constructs/logged-metrics.ts';
import { mediaQueues, type ProviderQueueAddress } from './constructs/media-queues.ts';
import { onObjects, onQueue, onTable } from './constructs/rights.ts';
import { WorkQueue } from './constructs/work-queue.ts';
import { connectionSecrets } from './secret-names.ts';
import type { StorageStack } from './storage-stack.ts';

export type MediaProps = { name: string; storage: StorageStack; connections: readonly Connection[]; settleMs: number };

/** A copy saves what it has and goes on in the next invocation when this ends: it is the most that Lambda gives. */
const timeout = Duration.minutes(15);

/** Copies of one provider at one time, the least that an event source takes: they share its budget with the polls. */
const copiesAtOnce = 2;

/**
 * For each provider whose media somebody wants: the queue of copy jobs, and the function that works it off with that
 * provider's connections and secrets only.
 */
export class MediaStack extends Stack {
  constructor(scope: Construct, id: string, props: MediaProps) {
    super(scope, id);
    holdOpen(this);
    for (const address of mediaQueues(this, props.name, props.connections)) {
      const { provider, queueName } = address;
      const { queue } = new WorkQueue(this, `${provider}-queue`, { queueName, timeout });
      const connections = props.connections.filter((connection) => connection.provider === provider);
      const media = mediaFunction(this, address, { ...props, connections });
      media.lambda.addEventSource(
        new SqsEventSource(queue, { batchSize: 1, maxConcurrency: copiesAtOnce, reportBatchItemFailures: true }),
      );
      countLogged(media, props.name, ['overdue', 'notCopied', 'crashed']);
    }
  }
}

/** `connections` are those of the provider. */
function mediaFunction(
  scope: Construct,
  { provider, url, arn }: ProviderQueueAddress,
  { connections, settleMs, storage: { table, bucket, imports } }: MediaProps,
): AppFunction {
  return new AppFunction(scope, `${provider}-media`, {
    folder: 'media',
    description: `Copies the media of ${provider} into the bucket`,
    environment: {
      table: table.tableName,
      bucket: bucket.bucketName,
      provider,
      settleMs: String(settleMs),
      mediaQueue: url,
    },
    connections: { connections: [...connections], clients: [], corsOrigins: [] },
    secrets: connectionSecrets(connections),
    rights: [
      onTable(table, ['GetItem', 'PutItem', 'UpdateItem']),
      onObjects(imports.bucketArn, ['GetObject', 'PutObject', 'DeleteObject'], ['transcripts']),
      onObjects(
        imports.bucketArn,
        ['GetObject', 'PutObject', 'DeleteObject', 'AbortMultipartUpload', 'ListMultipartUploadParts'],
        ['media'],
      ),
      // Jobs come from the queue; one that must wait or go on is sent there again.
      onQueue(arn, ['ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes', 'ChangeMessageVisibility', 'SendMessage']),
    ],
    timeout,
    memoryMb: 1024,
  });
}
