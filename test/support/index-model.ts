import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { ConversationItem } from '#shared/storage/conversation-item.ts';
import type { Store } from '#shared/storage/document-client.ts';

/** A store that answers queries of a time index over these rows: for more rows, or stranger ones, than a real table holds soon. */
export function indexModel(rows: () => Iterable<ConversationItem>): Store {
  const send = async (command: unknown) => {
    if (!(command instanceof QueryCommand)) throw new TypeError('the model answers queries only');
    const { ExpressionAttributeNames: names, ExpressionAttributeValues: values, Limit: limit } = command.input;
    const [partition = '', sort = ''] = [names?.['#partition'], names?.['#sort']];
    const { ':partition': connection, ':least': least, ':most': most } = values ?? {};
    if (limit === undefined || limit < 1 || least > most) throw new RangeError('DynamoDB would refuse this query');
    const key = (row: ConversationItem) => String(row[sort]);
    const found = [...rows()]
      .filter((row) => row[partition] === connection && key(row) >= least && key(row) <= most)
      .toSorted((a, b) => (key(a) < key(b) ? -1 : 1));
    if (command.input.ScanIndexForward === false) found.reverse();
    // As DynamoDB does it: a page that its limit ended names a last key even where nothing follows.
    return { Items: found.slice(0, limit), LastEvaluatedKey: found.length >= limit ? {} : undefined };
  };
  return { documents: { send }, table: 'model' } as unknown as Store;
}
