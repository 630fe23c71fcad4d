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
  const fill = new UpdateItemCommand({
    ...{ ...item, UpdateExpression: 'SET #packs = :packs' },
    ExpressionAttributeNames: { '#packs': itemAttributes.packs },
    ExpressionAttributeValues: { ':packs': { S: manyPacks } },
  });
  const packs = async (): Promise<string> =>
    (await clients.dynamodb.send(new GetItemCommand(item))).Item?.[itemAttributes.packs]?.S ?? '';
  const say = async (text: string): Promise<void> => {
    await change(text);
    await user.until(shown, text);
  };
  const shown = (): Promise<string> => user.read(`/v1/conversations/${id}`);
  await user.until(shown, '"version":');
  // A put that was under way does not know of it.
  for (let time = 1; (await packs()).length <= manyPacks.length; time += 1) {
    await clients.dynamodb.send(fill);
    await say(`Said ${time} times.`);
  }
  await say('Said for the last time.');
}
