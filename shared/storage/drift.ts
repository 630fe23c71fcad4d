import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { PutCommand, paginateQuery } from '@aws-sdk/lib-dynamodb';
import type { Connection } from '#shared/domain/connections.ts';
import { fieldPath, type SeenDrift } from '#shared/domain/drift.ts';
import { formatInstant } from '#shared/domain/instant.ts';
import { driftPrefix } from '#shared/facts/table.ts';
import type { Store } from './document-client.ts';

/** Fields that are told of a connection in all: a provider that makes up names must not make events without end. */
const mostFields = 200;

/** Keeps what was seen of a connection and is new, at `now` in milliseconds since 1970. */
export type NoteDrift = (
  connection: Pick<Connection, 'id' | 'provider'>,
  paths: ReadonlySet<string>,
  now: number,
) => Promise<void>;

type Table = Pick<Store, 'documents' | 'table'>;

/**
 * Puts an item for each drift path that the connection has none of, which publish turns into an event. What there is
 * already is read once and then remembered, so that a path that is seen in every run costs nothing.
 */
export function openDriftNotes(store: Table): NoteDrift {
  const known = new Map<string, Set<string>>();
  return async ({ id, provider }, paths, now) => {
    if (paths.size === 0) return;
    const noted = known.get(id) ?? (await listFields(store, id));
    known.set(id, noted);
    for (const field of new Set([...paths].map(fieldPath))) {
      if (noted.has(field) || noted.size >= mostFields) continue;
      await putOnce(store, { connection: id, provider, field, at: formatInstant(now) });
      noted.add(field);
    }
  };
}

async function listFields({ documents, table }: Table, connection: string): Promise<Set<string>> {
  const input = {
    TableName: table,
    KeyConditionExpression: 'pk = :drift',
    ExpressionAttributeValues: { ':drift': `${driftPrefix}${connection}` },
    ProjectionExpression: 'sk',
  };
  const fields = new Set<string>();
  for await (const { Items: items = [] } of paginateQuery({ client: documents }, input)) {
    for (const { sk } of items) fields.add(String(sk));
  }
  return fields;
}

/** Another runner may have put it since. */
async function putOnce({ documents, table }: Table, { field, ...seen }: SeenDrift): Promise<void> {
  const Item = { pk: `${driftPrefix}${seen.connection}`, sk: field, ...seen };
  try {
    await documents.send(new PutCommand({ TableName: table, Item, ConditionExpression: 'attribute_not_exists(pk)' }));
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  }
}
