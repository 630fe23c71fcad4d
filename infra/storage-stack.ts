import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import {
  AttributeType,
  Billing,
  ProjectionType,
  StreamViewType,
  TableEncryptionV2,
  TableV2,
} from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';
import { indexes, projectedAttributes, tableKeys } from '#shared/facts/table.ts';
import { alarmAtTable } from './constructs/alarms/table-alarms.ts';
import { PrivateBucket } from './constructs/private-bucket.ts';

const text = (name: string) => ({ name, type: AttributeType.STRING });

const keysOf = ({ name, partition, sort }: { name: string; partition: string; sort: string }) => ({
  indexName: name,
  partitionKey: text(partition),
  sortKey: text(sort),
});

const listing = { projectionType: ProjectionType.INCLUDE, nonKeyAttributes: [...projectedAttributes] };

/** Twice the fortnight that a queue holds a message at most: one that waited that long may be as long a dead letter. */
const deadAfterDays = 28;

/** An erasure that nobody works on for so long is asked for again: whom it is about is not kept for longer. */
const planDays = 7;

/** Where data rests. Nothing of it is deleted with the stack: the conversations belong to the company, not to us. */
export class StorageStack extends Stack {
  readonly table: TableV2;
  /** raw answers, quarantined records, long transcripts, media and large deliveries, each under its own prefix */
  readonly bucket: PrivateBucket;
  /** full records of what could not be published */
  readonly deadLetters: PrivateBucket;
  /** The buckets' ARNs as other stacks import them: findings of the policy checks are named by the imported text. */
  readonly imports: { bucketArn: string; deadLettersArn: string };

  constructor(scope: Construct, id: string, { name }: { name: string }) {
    super(scope, id);
    this.table = new TableV2(this, 'Table', {
      partitionKey: text(tableKeys.partition),
      sortKey: text(tableKeys.sort),
      globalSecondaryIndexes: [
        { ...keysOf(indexes.byStart), ...listing },
        { ...keysOf(indexes.byUpdate), ...listing },
        { ...keysOf(indexes.byDue), projectionType: ProjectionType.KEYS_ONLY },
      ],
      billing: Billing.onDemand(),
      encryption: TableEncryptionV2.awsManagedKey(),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      timeToLiveAttribute: 'ttl',
      dynamoStream: StreamViewType.NEW_AND_OLD_IMAGES,
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    alarmAtTable(this, name, this.table);
    const accessLogs = new PrivateBucket(this, 'AccessLogs', { expireAfterDays: 90 });
    this.bucket = new PrivateBucket(this, 'Bucket', {
      accessLogs,
      expiring: [
        { prefix: 'inbox/', afterDays: deadAfterDays },
        { prefix: 'erasures/', afterDays: planDays },
      ],
    });
    this.deadLetters = new PrivateBucket(this, 'DeadLetters', { accessLogs, expireAfterDays: deadAfterDays });
    this.imports = {
      bucketArn: this.exportValue(this.bucket.bucketArn),
      deadLettersArn: this.exportValue(this.deadLetters.bucketArn),
    };
  }
}
