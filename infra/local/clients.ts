import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import { localCredentials } from './local-credentials.ts';
import { region } from './template/arns.ts';

export type Clients = {
  dynamodb: DynamoDBClient;
  s3: S3Client;
  sqs: SQSClient;
  events: EventBridgeClient;
  secrets: SecretsManagerClient;
  logs: CloudWatchLogsClient;
  close: () => void;
};

/** The runtime's own clients of the embedded endpoints, over the wire like every function's. */
export function openClients(urls: Record<'dynamodb' | 's3' | 'sqs' | 'events' | 'secrets' | 'logs', string>): Clients {
  const common = { region, credentials: localCredentials };
  const clients = {
    dynamodb: new DynamoDBClient({ ...common, endpoint: urls.dynamodb }),
    s3: new S3Client({ ...common, endpoint: urls.s3, forcePathStyle: true }),
    sqs: new SQSClient({ ...common, endpoint: urls.sqs }),
    events: new EventBridgeClient({ ...common, endpoint: urls.events }),
    secrets: new SecretsManagerClient({ ...common, endpoint: urls.secrets }),
    logs: new CloudWatchLogsClient({ ...common, endpoint: urls.logs }),
  };
  return {
    ...clients,
    close: () => {
      for (const client of Object.values(clients)) client.destroy();
    },
  };
}
