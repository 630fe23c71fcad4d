import { CfnOutput, Duration, Stack, Validations } from 'aws-cdk-lib';
import { FunctionUrlAuthType, InvokeMode } from 'aws-cdk-lib/aws-lambda';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import type { ConnectionsFile } from '#shared/domain/connections.ts';
import { indexes } from '#shared/facts/table.ts';
import { AppFunction } from './constructs/app-function.ts';
import { onIndexes, onObjects, onTable } from './constructs/rights.ts';
import { clientSecrets } from './secret-names.ts';
import type { StorageStack } from './storage-stack.ts';

export type ApiProps = { storage: StorageStack; file: ConnectionsFile; settleMs: number };

/** The one address to look everything up. */
export class ApiStack extends Stack {
  constructor(scope: Construct, id: string, { storage, file, settleMs }: ApiProps) {
    super(scope, id);
    const { table, bucket, imports } = storage;
    const signingSecret = new Secret(this, 'SigningSecret', {
      description: 'Signs tokens and seals cursors',
      generateSecretString: { passwordLength: 64, excludePunctuation: true },
    });
    Validations.of(signingSecret).acknowledge({
      id: 'AwsSolutions::AwsSolutions-SMG4',
      reason: 'A new key ends every token and cursor in use, so it is replaced on purpose and not by a calendar.',
    });
    const lookup = new AppFunction(this, 'Lookup', {
      folder: 'lookup',
      description: 'Answers lookups',
      environment: {
        table: table.tableName,
        bucket: bucket.bucketName,
        signingSecret: signingSecret.secretArn,
        settleMs: String(settleMs),
      },
      connections: file,
      secrets: clientSecrets(file.clients),
      rights: [
        onTable(table, ['GetItem', 'BatchGetItem', 'Query']),
        onIndexes(table, Object.values(indexes)),
        onObjects(imports.bucketArn, ['GetObject'], ['transcripts']),
        { actions: ['secretsmanager:GetSecretValue'], resources: [signingSecret.secretArn] },
      ],
      timeout: Duration.seconds(30),
      memoryMb: 1024,
    });
    const url = lookup.lambda.addFunctionUrl({
      // The function checks tokens itself: its clients are programs without AWS credentials.
      authType: FunctionUrlAuthType.NONE,
      invokeMode: InvokeMode.RESPONSE_STREAM,
    });
    new CfnOutput(this, 'Address', { value: url.url, description: 'Where conversations are looked up' });
  }
}
