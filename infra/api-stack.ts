import { CfnOutput, Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { FunctionUrlAuthType, InvokeMode } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import type { ConnectionsFile } from '#shared/domain/connections.ts';
import { asyncApiFile, openApiFile, pageFile, pageFolder } from '#shared/facts/env.ts';
import {
  callsPartition,
  indexes,
  itemAttributes,
  namedPrefix,
  operationsPrefix,
  tableKeys,
  waitingPrefix,
} from '#shared/facts/table.ts';
import { recordsSince, withBudgets } from './connections.ts';
import { alarmAtAddress } from './constructs/alarms/function-alarms.ts';
import { AppFunction } from './constructs/app-function.ts';
import { explorerPage } from './constructs/explorer-page.ts';
import { countLogged } from './constructs/logged-metrics.ts';
import {
  onAttributes,
  onIndexes,
  onLog,
  onObjects,
  onPartition,
  onPartitionsUnder,
  onTable,
} from './constructs/rights.ts';
import { clientSecrets, signingSecretName } from './secret-names.ts';
import type { StorageStack } from './storage-stack.ts';

export type ApiProps = { name: string; storage: StorageStack; file: ConnectionsFile; settleMs: number };

/** The one address to look everything up. */
export class ApiStack extends Stack {
  constructor(scope: Construct, id: string, { name, storage, file, settleMs }: ApiProps) {
    super(scope, id);
    const { table, bucket, imports } = storage;
    const signingSecret = new Secret(this, 'SigningSecret', {
      secretName: signingSecretName(name),
      description: 'Signs tokens and seals cursors',
      generateSecretString: { passwordLength: 64, excludePunctuation: true },
    });
    Validations.of(signingSecret).acknowledge({
      id: 'AwsSolutions::AwsSolutions-SMG4',
      reason: 'Each second new key ends tokens in use, so it is replaced on purpose (npm run rotate-signing-key).',
    });
    // Who read what outlives the stack, as the conversations do.
    const reads = new LogGroup(this, 'Reads', {
      retention: RetentionDays.ONE_YEAR,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    const lookup = new AppFunction(this, 'Lookup', {
      folder: 'lookup',
      description: 'Answers lookups',
      environment: {
        table: table.tableName,
        bucket: bucket.bucketName,
        signingSecret: signingSecret.secretArn,
        settleMs: String(settleMs),
        readLog: reads.logGroupName,
        recordsSince: JSON.stringify(recordsSince()),
      },
      connections: withBudgets(file),
      files: [openApiFile, asyncApiFile, pageFile].map((file) => `docs/${file}`),
      made: new Map([...explorerPage()].map(([path, text]) => [`${pageFolder}/${path}`, text])),
      secrets: clientSecrets(file.clients),
      rights: [
        onTable(table, ['GetItem', 'BatchGetItem', 'Query']),
        onPartition(table, ['UpdateItem'], callsPartition),
        // A legal hold is an attribute of the conversation's item.
        onAttributes(table, ['UpdateItem'], [...Object.values(tableKeys), itemAttributes.hold, itemAttributes.record]),
        // Asked for and cancelled here, worked off elsewhere.
        onPartitionsUnder(table, ['PutItem', 'UpdateItem'], operationsPrefix),
        onPartitionsUnder(table, ['PutItem'], waitingPrefix),
        onPartitionsUnder(table, ['PutItem'], namedPrefix),
        // What an erasure reaches, and whom it is about: not in the table, whose backups would keep it.
        onObjects(imports.bucketArn, ['PutObject', 'DeleteObject'], ['erasures']),
        onIndexes(table, [indexes.byStart, indexes.byUpdate]),
        onObjects(imports.bucketArn, ['GetObject'], ['transcripts', 'media', 'quarantine', 'ledger']),
        { actions: ['secretsmanager:GetSecretValue'], resources: [signingSecret.secretArn] },
        onLog(reads),
      ],
      // 100 MiB at the 2 MB a second that a long stream gets, and slower readers.
      timeout: Duration.minutes(5),
      memoryMb: 1024,
    });
    const url = lookup.lambda.addFunctionUrl({
      // The function checks tokens itself: its clients are programs without AWS credentials.
      authType: FunctionUrlAuthType.NONE,
      invokeMode: InvokeMode.RESPONSE_STREAM,
    });
    countLogged(lookup, name, ['crashed']);
    alarmAtAddress(lookup, name, {
      alarm: 'lookups',
      failing:
        'Lookups were answered with a fault of ours: clients see errors, the data is untouched. The log of the lookup function says why.',
      throttled:
        'Lookups were sent away because the account runs as many functions as it may: clients see a 429, and polls may be late too.',
    });
    new CfnOutput(this, 'ReadLog', { value: reads.logGroupName, description: 'Log group that tells who read what' });
    new CfnOutput(this, 'Address', { value: url.url, description: 'Where conversations are looked up' });
  }
}
