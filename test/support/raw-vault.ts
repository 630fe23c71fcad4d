import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { isWholeIn, namesIn, readRawLine, uuidOfLine } from '#shared/domain/raw-answer.ts';
import { itemAttributes as a, conversationSort, tombstoneAttributes } from '#shared/facts/table.ts';
import type { Store } from '#shared/storage/document-client.ts';
import { readPack } from '#shared/storage/raw-packs.ts';

/** A line of a pack: whose it is, and the external id of the answer. */
export type VaultLine = { pack: string; uuid: string; externalId: string; sentAt: number };

/** What must be empty: conversations that do not follow from packs which are there, and lines that nobody names. */
export type VaultFaults = { unkept: string[]; unnamed: string[] };

const scan = async ({ documents, table }: Store): Promise<Record<string, unknown>[]> =>
  (await documents.send(new ScanCommand({ TableName: table, ConsistentRead: true }))).Items ?? [];

/** All raw answers of a connection that conversations of its name, as far as they are there; `scanned` are the table's items. */
export async function readVault(
  store: Store,
  scanned?: readonly Record<string, unknown>[],
): Promise<VaultFaults & { lines: VaultLine[]; packs: number }> {
  const items = scanned ?? (await scan(store));
  const conversations = items.filter((item) => item['sk'] === conversationSort && !(tombstoneAttributes.end in item));
  const { Contents: found = [] } = await store.objects.send(
    new ListObjectsV2Command({ Bucket: store.bucket, Prefix: 'raw/' }),
  );
  const connections = new Set(found.map(({ Key: key = '' }) => key.split('/')[1] ?? ''));
  const named = new Map(conversations.map((item) => [String(item['pk']), String(item[a.packs] ?? '')]));
  const lines: VaultLine[] = [];
  for (const connection of connections) {
    const names = new Set(
      conversations
        .filter((item) => item[a.connection] === connection)
        .flatMap((item) => namesIn(String(item[a.packs] ?? ''))),
    );
    for (const pack of names)
      for (const line of (await readPack(store, connection, pack)) ?? []) {
        const { externalId, sentAt } = readRawLine(line);
        lines.push({ pack, uuid: uuidOfLine(line), externalId, sentAt });
      }
  }
  const holds = (uuid: string) => (pack: string) => lines.some((line) => line.pack === pack && line.uuid === uuid);
  return {
    lines,
    packs: found.length,
    unkept: [...named].flatMap(([uuid, packs]) =>
      isWholeIn(packs) && namesIn(packs).every(holds(uuid)) ? [] : [uuid],
    ),
    unnamed: lines.flatMap(({ uuid, pack, externalId }) =>
      namesIn(named.get(uuid) ?? '').includes(pack) ? [] : [externalId],
    ),
  };
}
