import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { conversationSort, indexes, tableKeys } from '#shared/facts/table.ts';
import type { Store } from '#shared/storage/document-client.ts';
import { holds, type Item, updated } from './expressions.ts';
import { takingObjects } from './instant-store.ts';

/**
 * A store in memory that keeps what is written and holds its conditions, for runs of so many requests that the embedded
 * DynamoDB would be most of the work. One runner at a time: nothing is in flight together with a query.
 */
export function quickStore(): Store & { count: () => number } {
  const items = new Map<string, Item>();
  /** the rows of the sparse index, so that asking it looks at few */
  const open = new Map<string, Item>();
  const keyOf = (key: Item | undefined): string => `${key?.[tableKeys.partition]} ${key?.[tableKeys.sort]}`;
  const answer = (command: object): object => {
    if (command instanceof GetCommand) return { Item: items.get(keyOf(command.input.Key)) };
    if (command instanceof BatchGetCommand) return batch(command);
    if (command instanceof QueryCommand)
      return { Items: query(command.input.IndexName === indexes.byDue.name ? open : items, command) };
    if (command instanceof PutCommand || command instanceof UpdateCommand) return keep(write(items, keyOf, command));
    throw new Error(`the quick table does not know ${command.constructor.name}`);
  };
  const keep = (item: Item): object => {
    if (indexes.byDue.partition in item) open.set(keyOf(item), item);
    else open.delete(keyOf(item));
    return { Attributes: item };
  };
  const batch = ({ input }: BatchGetCommand): object => ({
    Responses: Object.fromEntries(
      Object.entries(input.RequestItems ?? {}).map(([table, { Keys = [] }]) => [
        table,
        Keys.flatMap((key) => items.get(keyOf(key)) ?? []),
      ]),
    ),
  });
  // Paginators want a client by its class.
  const documents: DynamoDBDocumentClient = Object.create(DynamoDBDocumentClient.prototype);
  Object.assign(documents, { send: async (command: object) => answer(command) });
  const count = (): number => [...items.values()].filter((item) => item[tableKeys.sort] === conversationSort).length;
  return { documents, objects: takingObjects, table: 'bench', bucket: 'bench', count };
}

function query(items: ReadonlyMap<string, Item>, { input }: QueryCommand): Item[] {
  const { KeyConditionExpression: key, ExpressionAttributeNames: names, ExpressionAttributeValues: values } = input;
  return [...items.values()].filter((item) => holds(key, item, names, values));
}

function write(
  items: Map<string, Item>,
  keyOf: (key: Item | undefined) => string,
  command: PutCommand | UpdateCommand,
): Item {
  const { ConditionExpression, ExpressionAttributeNames: names, ExpressionAttributeValues: values } = command.input;
  const key = command instanceof PutCommand ? command.input.Item : command.input.Key;
  const before = items.get(keyOf(key));
  if (!holds(ConditionExpression, before ?? {}, names, values)) {
    throw new ConditionalCheckFailedException({ message: 'The conditional request failed', $metadata: {} });
  }
  const after =
    command instanceof PutCommand
      ? { ...key }
      : updated(command.input.UpdateExpression ?? '', before ?? { ...key }, names, values);
  items.set(keyOf(key), after);
  return after;
}
