import { DeleteObjectCommand } from '@aws-sdk/client-s3';
import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import { tableKeys } from '#shared/facts/table.ts';
import type { Store } from './document-client.ts';
import { held } from './operations.ts';
import { quarantinePartition } from './quarantine-key.ts';
import type { QuarantineEntry } from './read-quarantine.ts';

/**
 * Forgets a quarantined record that is stored by now: its bytes, and then its entry, unless other bytes have come
 * meanwhile. A stop between the two leaves an entry that names what is gone, and no bytes that nobody names.
 */
export async function dropQuarantined(
  { documents, table, objects, bucket }: Store,
  { connection, sk, object }: QuarantineEntry,
): Promise<void> {
  await objects.send(new DeleteObjectCommand({ Bucket: bucket, Key: object }));
  const drop = new DeleteCommand({
    TableName: table,
    Key: { [tableKeys.partition]: quarantinePartition(connection), [tableKeys.sort]: sk },
    ConditionExpression: '#object = :object',
    ExpressionAttributeNames: { '#object': 'object' },
    ExpressionAttributeValues: { ':object': object },
  });
  await held(documents.send(drop));
}
