import { setTimeout as delay } from 'node:timers/promises';
import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import type { Machine } from '#infra/local/machine.ts';
import { identify } from '#shared/domain/identity.ts';
import { mediaObject } from '#shared/domain/media-copy.ts';
import { itemAttributes } from '#shared/facts/table.ts';
import { documentsOver } from '#shared/storage/document-client.ts';
import { putTombstone } from '#shared/storage/tombstones.ts';
import type { Accounts } from './accounts.ts';
import type { Outside } from './outside.ts';

/**
 * Files that become others while they are copied, that are not to be had at first, whose place is taken by a run that got no
 * further, and whose conversation is erased meanwhile.
 */
export async function copyAll(machine: Machine, user: Outside, { ids, isFetched }: Accounts): Promise<void> {
  const slow = identify('salesloft', 'sales', ids.slow);
  const { clients, description } = machine.parts;
  const bucket = description.functions.find(({ environment }) => 'EARSHOT_BUCKET' in environment)?.environment[
    'EARSHOT_BUCKET'
  ];
  const Key = mediaObject(slow.uuid, 'recording', 1);
  await clients.s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: 'of a run that got no further' }));
  while (!isFetched(ids.buried)) await soon();
  await bury(machine, ids.buried);
  for (const id of [ids.long, ids.slow])
    await user.until(() => user.read(`/v1/conversations/sales:${id}`), '"media:recording":{"state":"ready"');
  await user.send(`/v1/conversations/sales:${ids.long}/media/recording`, { headers: { range: 'bytes=0-9' } });
}

const soon = (): Promise<void> => delay(50);

/** Erases a conversation whose file is on its way. */
async function bury({ parts: { clients, description } }: Machine, externalId: string): Promise<void> {
  const identity = identify('salesloft', 'sales', externalId);
  const table = description.tables[0]?.name ?? '';
  const at = new Date().toISOString();
  const read = new GetItemCommand({ TableName: table, Key: { pk: { S: identity.uuid }, sk: { S: 'conversation' } } });
  for (;;) {
    const { Item } = await clients.dynamodb.send(read);
    const version = Number(Item?.['v']?.N ?? 0) + 1;
    const stone = { ...identity, version, end: 'erased' as const, at, operation: 'a-test', remains: '' };
    const store = { documents: documentsOver(clients.dynamodb), table };
    if (Item && (await putTombstone(store, stone, Item[itemAttributes.packs]?.S))) return;
    await soon();
  }
}
