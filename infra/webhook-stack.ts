import { CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import { FunctionUrlAuthType, InvokeMode } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { Construct } from 'constructs';
import { type Connection, hasWebhook } from '#shared/domain/connections.ts';
import { alarmAtAddress } from './constructs/alarms/function-alarms.ts';
import { AppFunction } from './constructs/app-function.ts';
import { inboxQueues } from './constructs/inbox-queues.ts';
import { countLogged } from './constructs/logged-metrics.ts';
import type { ProviderQueueAddress } from './constructs/media-queues.ts';
import { onObjects, onQueue, onTable } from './constructs/rights.ts';
import { WorkQueue } from './constructs/work-queue.ts';
import { connectionSecrets, webhookSecrets } from './secret-names.ts';
import type { StorageStack } from './storage-stack.ts';

export type WebhookProps = {
  name: string;
  storage: StorageStack;
  connections: readonly Connection[];
  settleMs: number;
};

/**
 * Deliveries at one time. One takes some tens of milliseconds, so that is several hundred a second, more than providers
 * send; of the 1,000 that an account may run at one time a flood gets no more, and the polls keep theirs.
 */
const deliveriesAtOnce = 20;

/** A delivery is a few requests to a provider. A killed function's messages come again after six times that. */
const ingestTimeout = Duration.minutes(2);

/** Messages that a function works off side by side, and functions of a provider: they share its budget with the polls. */
const [deliveriesInBatch, batchesAtOnce] = [5, 2];

/**
 * Webhooks: the address that keeps what is genuine, and for each provider with a webhook its inbox, with the function that
 * works it off and has that provider's connections and secrets only.
 */
export class WebhookStack extends Stack {
  constructor(scope: Construct, id: string, props: WebhookProps) {
    super(scope, id);
    const inboxes = inboxQueues(this, props.name, props.connections);
    const webhook = webhookFunction(this, inboxes, props);
    countLogged(webhook, props.name, ['refused', 'crashed']);
    if (inboxes.length > 0) {
      alarmAtAddress(webhook, props.name, {
        alarm: 'webhooks',
        failing:
          'Webhooks could not be verified or kept: their senders are told to come again, and polls bring what none repeats. The log of the webhook function says why.',
        throttled: `Webhooks were sent away because ${deliveriesAtOnce} were being taken at that moment: their senders come again, and polls bring what none repeats.`,
      });
    }
    const url = webhook.lambda.addFunctionUrl({
      // The function checks signatures itself: the senders are providers without AWS credentials.
      authType: FunctionUrlAuthType.NONE,
      invokeMode: InvokeMode.BUFFERED,
    });
    new CfnOutput(this, 'Address', {
      value: `${url.url}webhooks/`,
      description: 'Where providers send their webhooks, with the id of the connection behind it',
    });

    for (const address of inboxes) {
      const { provider, queueName } = address;
      const { queue } = new WorkQueue(this, `${provider}-inbox`, { queueName, timeout: ingestTimeout });
      const ingest = ingestFunction(this, address, props);
      ingest.lambda.addEventSource(
        new SqsEventSource(queue, {
          batchSize: deliveriesInBatch,
          maxConcurrency: batchesAtOnce,
          reportBatchItemFailures: true,
        }),
      );
      countLogged(ingest, props.name, ['overdue', 'quarantined', 'restless', 'crashed']);
    }
  }
}

/** Always there, so that a path without a webhook is answered too. It may verify and keep, and nothing else. */
function webhookFunction(
  scope: WebhookStack,
  inboxes: readonly ProviderQueueAddress[],
  { connections, storage: { bucket, imports } }: WebhookProps,
): AppFunction {
  const own = connections.filter(hasWebhook);
  const addresses = Object.fromEntries(inboxes.map(({ provider, url }) => [provider, url]));
  return new AppFunction(scope, 'Webhook', {
    folder: 'webhook',
    description: 'Takes the webhooks of providers',
    environment: { bucket: bucket.bucketName, inboxQueues: scope.toJsonString(addresses) },
    connections: { connections: own, clients: [], corsOrigins: [] },
    secrets: webhookSecrets(own),
    rights: [
      onObjects(imports.bucketArn, ['PutObject'], ['inbox']),
      ...inboxes.map(({ arn }) => onQueue(arn, ['SendMessage'])),
    ],
    // Less than the 10 s that the most patient provider waits for an answer, so that it learns of what took longer.
    timeout: Duration.seconds(9),
    memoryMb: 512,
    atOnce: deliveriesAtOnce,
  });
}

function ingestFunction(
  scope: Construct,
  { provider, url, arn }: ProviderQueueAddress,
  { connections: all, settleMs, storage: { table, bucket, imports } }: WebhookProps,
): AppFunction {
  const connections = all.filter((connection) => connection.provider === provider);
  return new AppFunction(scope, `${provider}-ingest`, {
    folder: 'ingest',
    description: `Fetches and stores what webhooks of ${provider} tell of`,
    environment: {
      table: table.tableName,
      bucket: bucket.bucketName,
      provider,
      settleMs: String(settleMs),
      inboxQueue: url,
    },
    connections: { connections, clients: [], corsOrigins: [] },
    secrets: connectionSecrets(connections),
    rights: [
      onTable(table, ['GetItem', 'BatchGetItem', 'PutItem', 'UpdateItem']),
      onObjects(imports.bucketArn, ['PutObject'], ['quarantine', 'transcripts', 'raw']),
      // What was put for a version that a tombstone refused goes again.
      onObjects(imports.bucketArn, ['DeleteObject'], ['transcripts']),
      onObjects(imports.bucketArn, ['GetObject'], ['transcripts', 'raw']),
      onObjects(imports.bucketArn, ['GetObject', 'DeleteObject'], ['inbox']),
      // Deliveries come from the queue; one that must wait is sent there again.
      onQueue(arn, ['ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes', 'ChangeMessageVisibility', 'SendMessage']),
    ],
    timeout: ingestTimeout,
    memoryMb: 512,
  });
}
