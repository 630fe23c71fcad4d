import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { InboxJob } from '#shared/domain/delivery.ts';
import { deliveryPrefix, tableKeys, timeToLive } from '#shared/facts/table.ts';
import type { Store } from './document-client.ts';

type Table = Pick<Store, 'documents' | 'table'>;
type Named = Pick<InboxJob, 'connection' | 'key'>;

/**
 * How long a delivery that was worked off is remembered (seconds): longer than any sender repeats it. Salesloft gives up
 * after 45 s and Magpipe after some 45 minutes (facts of both), EventBridge after 24 hours, senders of Standard Webhooks
 * after up to some days.
 */
const rememberedSeconds = 7 * 86_400;

const keyOf = ({ connection, key }: Named) => ({
  [tableKeys.partition]: deliveryPrefix + connection,
  [tableKeys.sort]: key,
});

/** Whether a delivery was worked off before. */
export async function isDeliveryKnown({ documents, table }: Table, delivery: Named): Promise<boolean> {
  const input = { TableName: table, Key: keyOf(delivery), ConsistentRead: true };
  return (await documents.send(new GetCommand(input))).Item !== undefined;
}

/** Remembers that a delivery was worked off, at `now` (milliseconds since 1970). */
export async function rememberDelivery({ documents, table }: Table, delivery: Named, now: number): Promise<void> {
  const item = { ...keyOf(delivery), [timeToLive]: Math.ceil(now / 1_000) + rememberedSeconds };
  await documents.send(new PutCommand({ TableName: table, Item: item }));
}
