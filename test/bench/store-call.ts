import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AttributeValue, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { inventTalkdeskWorld } from '#infra/local/fakes/talkdesk/invent.ts';
import { expectationOf } from '#shared/domain/expectation.ts';
import { itemAttributes as a, tableKeys } from '#shared/facts/table.ts';
import { ingestPage } from '#shared/ingest/ingest-page.ts';
import { talkdesk } from '#shared/providers/talkdesk/connector.ts';
import type { ConversationItem } from '#shared/storage/conversation-item.ts';
import { writeItem } from '#shared/storage/conversations.ts';
import { documentsOver } from '#shared/storage/document-client.ts';
import { talkdeskSession } from '#test/providers/fake-session.ts';
import { testDynamodbClient } from '#test/support/dynamodb.ts';
import { createEarshotTable } from '#test/support/table.ts';
import { startChild } from './children.ts';
import { instantStore } from './instant-store.ts';
import { cpuOf, interleaved, median, type Row } from './row.ts';
import { benchNow, pageSize, talkdeskShape } from './shape.ts';

const table = 'bench';
const puts = 2_000;

/** Our conditional put of a packed conversation, over the same client's bare put of attribute values that are ready. */
export async function storeCall(): Promise<Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'earshot-bench-'));
  const dynamodb = await startChild('../support/dynamodb-process.ts', folder);
  const client = testDynamodbClient(dynamodb.url);
  await createEarshotTable(client, table);
  const store = { documents: documentsOver(client), table };
  const packed = await packedConversations();
  const mine: number[] = [];
  const bare: number[] = [];
  const { ratios, ours, floor } = await interleaved(
    () =>
      cpuOfCalls(freshItems(packed), mine, async (item) => {
        if (!(await writeItem(store, item, 0))) throw new Error('a fresh key was refused');
      }),
    () =>
      cpuOfCalls(freshItems(packed).map(valuesOf), bare, (Item) =>
        client.send(new PutItemCommand({ TableName: table, Item })),
      ),
  );
  client.destroy();
  dynamodb.stop();
  await rm(folder, { recursive: true });
  return [
    {
      what: 'CPU of the store call: conditional put of a packed conversation of 30 turns, one at a time',
      floor: 'bare PutItem by the same client',
      value: median(ratios),
      unit: 'ratio',
      target: 1.15,
      rounds: ratios,
      facts: {
        oursMicrosPerCall: median(ours) / puts,
        floorMicrosPerCall: median(floor) / puts,
        oursWallP50Micros: median(mine) * 1_000,
        floorWallP50Micros: median(bare) * 1_000,
      },
    },
  ];
}

/** Microseconds of CPU for all calls, each awaited; what each took by the wall clock (ms) is added to `walls`. */
function cpuOfCalls<T>(items: readonly T[], walls: number[], call: (item: T) => Promise<unknown>): Promise<number> {
  globalThis.gc?.();
  return cpuOf(async () => {
    for (const item of items) {
      const begun = performance.now();
      await call(item);
      walls.push(performance.now() - begun);
    }
  });
}

/** A page of conversations as our own ingest packs them. */
async function packedConversations(): Promise<ConversationItem[]> {
  const [stream] = talkdesk.streams;
  if (!stream) throw new Error('talkdesk has no stream');
  const window = { from: benchNow - 4 * 3_600_000, to: benchNow };
  const world = inventTalkdeskWorld('store', window.from, benchNow - 3_600_000, pageSize, talkdeskShape);
  const now = () => benchNow;
  const session = talkdeskSession(world, now, { settings: { pageSize } });
  const items: ConversationItem[] = [];
  const store = instantStore((command) => {
    if (command instanceof PutCommand) items.push(command.input.Item ?? {});
  });
  await ingestPage(
    {
      connector: talkdesk,
      stream,
      session,
      store,
      now,
      slowPutMs: 60_000,
      lastResort: false,
      keepLease: async () => {},
      requestCopies: async () => {},
      expectation: expectationOf({ media: false }, talkdesk.promised),
    },
    await stream.fetchPage(session, window, null),
    { key: [], at: benchNow },
  );
  if (items.length !== pageSize) throw new Error(`packed ${items.length} of ${pageSize} conversations`);
  return items;
}

/** Conversations that are not in the table yet. */
const freshItems = (packed: readonly ConversationItem[]): ConversationItem[] =>
  Array.from({ length: puts }, (_, i) => {
    const uuid = randomUUID();
    const at = `2026-11-02T08:00:00.000Z#${uuid}`;
    return { ...packed[i % packed.length], [tableKeys.partition]: uuid, [a.startKey]: at, [a.updateKey]: at };
  });

const valuesOf = (item: ConversationItem): Record<string, AttributeValue> =>
  marshall(item, { removeUndefinedValues: true });
