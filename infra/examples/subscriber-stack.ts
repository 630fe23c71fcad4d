import { join } from 'node:path';
import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AttributeType, TableEncryptionV2, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Runtime } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { NodejsFunction, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';
import type { Construct } from 'constructs';
import { EarshotSubscriber } from '../subscriber/earshot-subscriber.ts';

/** Example of a subscriber in a stack of its own: it keeps a table of what is known of each conversation. */
export class SubscriberStack extends Stack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    const timeout = Duration.seconds(30);
    const subscriber = new EarshotSubscriber(this, 'Calls', {
      name: 'crm',
      types: ['conversation.discovered', 'conversation.updated', 'conversation.erased'],
      consumerTimeout: timeout,
    });
    const table = new TableV2(this, 'Table', {
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      timeToLiveAttribute: 'ttl',
      encryption: TableEncryptionV2.awsManagedKey(),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const consume = new NodejsFunction(this, 'Consume', {
      entry: join(import.meta.dirname, 'consume.ts'),
      runtime: Runtime.NODEJS_24_X,
      bundling: { format: OutputFormat.ESM },
      environment: { OWN_TABLE: table.tableName },
      timeout,
    });
    consume.addEventSource(new SqsEventSource(subscriber.queue, { reportBatchItemFailures: true }));
    table.grantReadWriteData(consume);
  }
}
