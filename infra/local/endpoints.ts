import { join } from 'node:path';
import type { Access } from './access/access.ts';
import { type DynamodbEndpoint, startDynamodb } from './dynamodb/endpoint.ts';
import { startEvents } from './events/start-events.ts';
import { localCredentials } from './local-credentials.ts';
import { startLogs } from './logs/start-logs.ts';
import { startS3 } from './s3/start-s3.ts';
import { type LocalScheduler, type Schedule, startScheduler } from './scheduler/start-scheduler.ts';
import { type LocalSecrets, startSecrets } from './secrets/start-secrets.ts';
import { type LocalSqs, startSqs } from './sqs/start-sqs.ts';
import { nameOfArn } from './template/arns.ts';

export type EndpointsOptions = {
  /** everything durable lies under this folder */
  folder: string;
  /** who may do what there */
  access: Access;
  /** told of each event that is put on a bus, before the one who put it gets an answer; throwing refuses it */
  onEvent: (detail: unknown) => void;
  /** runs a function that the target of a rule or of a schedule names */
  invoke: (arn: string, input: unknown) => Promise<void>;
  say: (line: string) => void;
};

export type Endpoints = {
  urls: Record<'dynamodb' | 's3' | 'sqs' | 'events' | 'secrets' | 'scheduler' | 'logs', string>;
  feed: DynamodbEndpoint['feed'];
  queueUrl: LocalSqs['queueUrl'];
  putSecret: LocalSecrets['put'];
  scheduler: LocalScheduler;
  close: () => Promise<void>;
};

/** Starts the embedded AWS endpoints on ports of their own. */
export async function startEndpoints({ folder, access, onEvent, invoke, say }: EndpointsOptions): Promise<Endpoints> {
  const sqs = await startSqs({ dataDir: join(folder, 'sqs'), access });
  const deliver = async (arn: string, input: unknown): Promise<void> => {
    if (arn.startsWith('arn:aws:sqs:')) sqs.send(arn, JSON.stringify(input));
    else await invoke(arn, input);
  };
  const invokeScheduled = async ({ target, input, role }: Schedule): Promise<void> => {
    if (!access.may(nameOfArn(role), { action: 'lambda:InvokeFunction', resource: target }))
      throw new Error(`its role may not invoke ${target}`);
    await invoke(target, JSON.parse(input));
  };
  const [dynamodb, s3, events, secrets, scheduler, logs] = await Promise.all([
    startDynamodb({ dataDir: join(folder, 'dynamodb'), access }),
    startS3({ dataDir: join(folder, 's3'), credentials: localCredentials, access }),
    startEvents({ dataDir: join(folder, 'events'), access, deliver, report: say }),
    startSecrets({ dataDir: join(folder, 'secrets'), access }),
    startScheduler({ invoke: invokeScheduled, report: say }),
    startLogs({ dataDir: join(folder, 'logs'), access }),
  ]);
  events.onEvent(({ detail }) => onEvent(detail));
  return {
    urls: {
      dynamodb: dynamodb.url,
      s3: s3.url,
      sqs: sqs.url,
      events: events.url,
      secrets: secrets.url,
      scheduler: scheduler.url,
      logs: logs.url,
    },
    feed: dynamodb.feed,
    queueUrl: sqs.queueUrl,
    putSecret: secrets.put,
    scheduler,
    close: async () => {
      for (const one of [events, secrets, sqs, s3, dynamodb, logs]) await one.close();
    },
  };
}

/** The addresses as every AWS SDK reads them from the environment of a function. */
export const endpointEnvironment = ({ urls }: Endpoints): Record<string, string> => ({
  AWS_ENDPOINT_URL_DYNAMODB: urls.dynamodb,
  AWS_ENDPOINT_URL_S3: urls.s3,
  AWS_ENDPOINT_URL_SQS: urls.sqs,
  AWS_ENDPOINT_URL_EVENTBRIDGE: urls.events,
  AWS_ENDPOINT_URL_SECRETS_MANAGER: urls.secrets,
  AWS_ENDPOINT_URL_SCHEDULER: urls.scheduler,
  AWS_ENDPOINT_URL_CLOUDWATCH_LOGS: urls.logs,
});
