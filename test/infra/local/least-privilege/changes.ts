import { GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { Machine } from '#infra/local/machine.ts';
import { conversationUuid } from '#shared/domain/identity.ts';
import { conversationSort, itemAttributes } from '#shared/facts/table.ts';
import type { Outside } from './outside.ts';

/** As many packs as a conversation has before it gets one of its own, which is read with every later version. */
const manyPacks = '0000aaaaaaaaaa'.repeat(32);

/** A conversation that has changed often changes at least twice more. `change` gives it another summary. */
export async function changeOften(
  { parts: { clients, description } }: Machine,
  user: Outside,
  id: string,
  change: (text: string) => Promise<void>,
): Promise<void> {
  const Key = { pk: { S: conversationUuid(id) }, sk: { S: conversationSort } };
  const item = { TableName: description.tables[0]?.name, Key };
  /** Beside those that it has; gives how long the list is then. */
  const fill = async (): Promise<number> => {
    const all = (await packs()).replace(manyPacks, '') + manyPacks;
    const update = new UpdateItemCommand({
      ...{ ...item, UpdateExpression: 'SET #packs = :packs' },
      ExpressionAttributeNames: { '#packs': itemAttributes.packs },
      ExpressionAttributeValues: { ':packs': { S: all } },
    });
    await clients.dynamodb.send(update);
    return all.length;
  };
  const packs = async (): Promise<string> =>
    (await clients.dynamodb.send(new GetItemCommand(item))).Item?.[itemAttributes.packs]?.S ?? '';
  const say = async (text: string): Promise<void> => {
    await change(text);
    await user.until(shown, text);
  };
  const shown = (): Promise<string> => user.read(`/v1/conversations/${id}`);
  await user.until(shown, '"version":');
  // A put that was under way does not know of it.
  let filled = 0;
  for (let time = 1; time === 1 || (await packs()).length <= filled; time += 1) {
    filled = await fill();
    await say(`Said ${time} times.`);
  }
  await say('Said for the last time.');
}
