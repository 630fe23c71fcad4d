import { hash } from 'node:crypto';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { formatInstant } from '#shared/domain/instant.ts';
import { itemAttributes } from '#shared/facts/table.ts';
import type { Store } from './document-client.ts';
import { quarantineFolder, quarantineName, quarantinePartition } from './quarantine-key.ts';

/** A record that could not be understood. */
export type Quarantined = {
  connection: string;
  stream: string;
  /** null where not even the id could be read */
  externalId: string | null;
  /** field paths and what was expected there, without values */
  reason: string;
  /** the provider's stamp of it that the ledger goes by, ISO 8601 UTC; null where it has no usable one */
  listedAt?: string | null;
  /** the record as JSON text */
  raw: string;
};

/** Layout number of the entries written now; those before it had none. */
const schema = 1;

/**
 * Keeps the raw bytes in the bucket, then names them in the table. A record seen again with the same bytes costs one
 * read; the same record with other bytes replaces its entry.
 */
export async function quarantine(store: Store, record: Quarantined, now: number): Promise<void> {
  const digest = hash('sha256', record.raw);
  const id = record.externalId === null ? `raw-${digest}` : quarantineName(record.externalId);
  const key = { pk: quarantinePartition(record.connection), sk: `${record.stream}#${id}` };
  const known = await store.documents.send(new GetCommand({ TableName: store.table, Key: key, ConsistentRead: true }));
  if (known.Item?.['digest'] === digest) return;
  const object = `${quarantineFolder(record.connection, id)}${digest}.json`;
  await store.objects.send(
    new PutObjectCommand({
      Bucket: store.bucket,
      Key: object,
      Body: record.raw,
      ContentType: 'application/octet-stream',
    }),
  );
  const { connection, stream, externalId, reason, listedAt = null } = record;
  await store.documents.send(
    new PutCommand({
      TableName: store.table,
      Item: {
        ...key,
        [itemAttributes.schema]: schema,
        connection,
        stream,
        externalId,
        reason,
        listedAt,
        digest,
        object,
        bytes: Buffer.byteLength(record.raw),
        at: formatInstant(now),
      },
    }),
  );
}
