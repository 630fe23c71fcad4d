import { isDeepStrictEqual } from 'node:util';
import { type AttributeValue, type DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { tableKeys } from '#shared/facts/table.ts';
import { type Image, type Units, writeUnits } from './write-units.ts';

/** One write command as it was sent, whatever became of it. */
export type Write = {
  command: string;
  partition: string;
  sort: string;
  attributes: string[];
  changed: boolean;
  units: Units;
};

/** What the commands' inputs have in common as far as the meter looks. */
type Input = {
  TableName?: string;
  Key?: Image;
  Item?: Image;
  ExpressionAttributeNames?: Record<string, string>;
};

const written = new Set(['PutItemCommand', 'UpdateItemCommand', 'DeleteItemCommand']);
const read = new Set(['GetItemCommand', 'BatchGetItemCommand', 'QueryCommand']);

/**
 * Bills every write of `client`: looks at the item before and after it with a client of its own. Exact while no two
 * writes of one key are in flight, as with one runner.
 */
export function meterWrites(client: DynamoDBClient, looking: DynamoDBClient): Write[] {
  const writes: Write[] = [];
  const look = async (table: string | undefined, key: Image): Promise<Image | undefined> =>
    (await looking.send(new GetItemCommand({ TableName: table, Key: key, ConsistentRead: true }))).Item;
  client.middlewareStack.add(
    (next, { commandName: command = '' }) =>
      async (call) => {
        if (read.has(command)) return next(call);
        if (!written.has(command)) throw new Error(`the meter does not know ${command}`);
        const { TableName: table, Key, Item, ExpressionAttributeNames: names = {} } = call.input as Input;
        const key = keyOf(Key ?? Item ?? {});
        const textOf = (name: string): string => key[name]?.S ?? '';
        const before = await look(table, key);
        try {
          return await next(call);
        } finally {
          const after = await look(table, key);
          const changed = !isDeepStrictEqual(before, after);
          writes.push({
            command,
            partition: textOf(tableKeys.partition),
            sort: textOf(tableKeys.sort),
            attributes: Object.values(names),
            changed,
            units: writeUnits(before, after),
          });
        }
      },
    // Behind the document client's own step, which makes the key one of attribute values, and outside of retries.
    { step: 'build' },
  );
  return writes;
}

const keyOf = (image: Image): Record<string, AttributeValue> =>
  Object.fromEntries(Object.entries(image).filter(([name]) => name === tableKeys.partition || name === tableKeys.sort));
