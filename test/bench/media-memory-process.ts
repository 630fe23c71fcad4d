import { S3Client } from '@aws-sdk/client-s3';
import { clockFrom } from '#shared/http/clock.ts';
import { documentsOver } from '#shared/storage/document-client.ts';
import { testDynamodbClient } from '#test/support/dynamodb.ts';
import { copyFile } from './media-copy.ts';
import { peakRssMb } from './peak-rss.ts';

/** Copies one file and prints what memory that took. Arguments: uuid, and the addresses of file, table and bucket. */
const [uuid = '', href = '', dynamodbUrl = '', bucketUrl = ''] = process.argv.slice(2);
const store = {
  documents: documentsOver(testDynamodbClient(dynamodbUrl)),
  table: 'bench',
  objects: new S3Client({
    endpoint: bucketUrl,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  }),
  bucket: 'bench',
};
const bytes = await copyFile({ store, uuid, href, clock: clockFrom(() => Date.now()) });
process.stdout.write(JSON.stringify({ bytes, peakRssMb: peakRssMb() }));
process.exit(0);
