import { GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { tableKeys } from '#shared/facts/table.ts';
import type { Store } from './document-client.ts';
import { quarantinePartition } from './quarantine-key.ts';

const entrySchema = z.object({
  connection: z.string(),
  /** what it stands under in the connection's partition: `<stream>#id-<hash>` or `<stream>#raw-<hash>` */
  sk: z.string(),
  externalId: z.string().nullable(),
  reason: z.string(),
  at: z.string(),
  /** the provider's stamp of it that the ledger goes by, ISO 8601 UTC; null where it has no usable one */
  listedAt: z.string().nullable().default(null),
  /** where the raw bytes lie */
  object: z.string(),
  bytes: z.int().positive(),
});

/** A quarantined record, without its bytes. */
export type QuarantineEntry = z.infer<typeof entrySchema>;

type Table = Pick<Store, 'documents' | 'table'>;

const keyOf = (connection: string, sk: string) => ({
  [tableKeys.partition]: quarantinePartition(connection),
  [tableKeys.sort]: sk,
});

/** Up to `limit` records of a connection behind the key `after`, by key; `next` is the last one's if more follow. */
export async function listQuarantined(
  { documents, table }: Table,
  connection: string,
  { after, limit }: Readonly<{ after: string | null; limit: number }>,
): Promise<{ entries: QuarantineEntry[]; next: string | null }> {
  const { Items = [], LastEvaluatedKey: last } = await documents.send(
    new QueryCommand({
      TableName: table,
      KeyConditionExpression: '#pk = :pk',
      ExpressionAttributeNames: { '#pk': tableKeys.partition },
      ExpressionAttributeValues: { ':pk': quarantinePartition(connection) },
      Limit: limit,
      ...(after !== null && { ExclusiveStartKey: keyOf(connection, after) }),
    }),
  );
  const next: unknown = last?.[tableKeys.sort];
  return { entries: Items.map((item) => entrySchema.parse(item)), next: typeof next === 'string' ? next : null };
}

/** The record under this key; null where there is none. */
export async function getQuarantined(
  { documents, table }: Table,
  connection: string,
  sk: string,
): Promise<QuarantineEntry | null> {
  const { Item } = await documents.send(new GetCommand({ TableName: table, Key: keyOf(connection, sk) }));
  return Item ? entrySchema.parse(Item) : null;
}
