import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import { credentialsOf, localCredentials } from './local-credentials.ts';
import { region } from './template/arns.ts';

export type Clients = {
  dynamodb: DynamoDBClient;
  s3: S3Client;
  sqs: SQSClient;
  events: EventBridgeClient;
  secrets: SecretsManagerClient;
  logs: CloudWatchLogsClient;
  /** for what a service does as the role of this function */
  actAs: (name: string) => Acting;
  close: () => void;
};

type Acting = Pick<Clients, 's3' | 'sqs'>;

/** The runtime's own clients of the embedded endpoints, over the wire like every function's. */
export function openClients(urls: Record<'dynamodb' | 's3' | 'sqs' | 'events' | 'secrets' | 'logs', string>): Clients {
  const common = { region, credentials: credentialsOf(localCredentials.accessKeyId) };
  const clients = {
    dynamodb: new DynamoDBClient({ ...common, endpoint: urls.dynamodb }),
    ...actingClients(localCredentials),
    events: new EventBridgeClient({ ...common, endpoint: urls.events }),
    secrets: new SecretsManagerClient({ ...common, endpoint: urls.secrets }),
    logs: new CloudWatchLogsClient({ ...common, endpoint: urls.logs }),
  };
  function actingClients(credentials: typeof common.credentials): Acting {
    return {
      s3: new S3Client({ region, credentials, endpoint: urls.s3, forcePathStyle: true }),
      sqs: new SQSClient({ region, credentials, endpoint: urls.sqs }),
    };
  }
  const acting = new Map<string, Acting>();
  return {
    ...clients,
    actAs: (name) => {
      const found = acting.get(name) ?? actingClients(credentialsOf(name));
      acting.set(name, found);
      return found;
    },
    close: () => {
      for (const client of [clients, ...acting.values()].flatMap((some) => Object.values(some))) client.destroy();
    },
  };
}
