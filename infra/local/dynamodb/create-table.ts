import {
  type AttributeDefinition,
  CreateTableCommand,
  type CreateTableCommandInput,
  DescribeTimeToLiveCommand,
  type DynamoDBClient,
  type GlobalSecondaryIndex,
  type KeySchemaElement,
  type Projection,
  ResourceInUseException,
  type StreamViewType,
  UpdateTimeToLiveCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';

type TableKey = { readonly partition: string; readonly sort?: string };

export type TableIndex = TableKey & {
  readonly name: string;
  /** what a row carries beside the keys: these attributes, all of them, or nothing */
  readonly include: readonly string[] | 'all' | 'keys';
};

/** A table whose key attributes are all strings, billed on demand. */
export type TableDefinition = {
  readonly name: string;
  readonly keys: TableKey;
  readonly indexes: readonly TableIndex[];
  /** attribute that holds the second of an item's expiry */
  readonly ttl?: string;
  readonly stream?: StreamViewType;
};

/** Creates the table and waits until it is active. A table that exists already is left as it is. */
export async function createTableFromDefinition(client: DynamoDBClient, definition: TableDefinition): Promise<void> {
  try {
    await client.send(new CreateTableCommand(createTableInput(definition)));
  } catch (error) {
    if (!(error instanceof ResourceInUseException)) throw error;
  }
  await waitUntilTableExists({ client, maxWaitTime: 30, minDelay: 0.02, maxDelay: 1 }, { TableName: definition.name });
  if (definition.ttl !== undefined) await enableTimeToLive(client, definition.name, definition.ttl);
}

/** DynamoDB refuses to enable what is enabled, so ask first. */
async function enableTimeToLive(client: DynamoDBClient, table: string, attribute: string): Promise<void> {
  const { TimeToLiveDescription: current } = await client.send(new DescribeTimeToLiveCommand({ TableName: table }));
  if (current?.AttributeName === attribute) return;
  const specification = { AttributeName: attribute, Enabled: true };
  await client.send(new UpdateTimeToLiveCommand({ TableName: table, TimeToLiveSpecification: specification }));
}

function createTableInput({ name, keys, indexes, stream }: TableDefinition): CreateTableCommandInput {
  return {
    TableName: name,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: attributeDefinitions([keys, ...indexes]),
    KeySchema: keySchema(keys),
    ...(indexes.length > 0 && { GlobalSecondaryIndexes: indexes.map(globalIndex) }),
    ...(stream !== undefined && { StreamSpecification: { StreamEnabled: true, StreamViewType: stream } }),
  };
}

function attributeDefinitions(keys: readonly TableKey[]): AttributeDefinition[] {
  const names = keys.flatMap((key) => (key.sort === undefined ? [key.partition] : [key.partition, key.sort]));
  return [...new Set(names)].map((name) => ({ AttributeName: name, AttributeType: 'S' }));
}

function keySchema({ partition, sort }: TableKey): KeySchemaElement[] {
  const hash: KeySchemaElement = { AttributeName: partition, KeyType: 'HASH' };
  return sort === undefined ? [hash] : [hash, { AttributeName: sort, KeyType: 'RANGE' }];
}

function globalIndex(index: TableIndex): GlobalSecondaryIndex {
  return { IndexName: index.name, KeySchema: keySchema(index), Projection: projection(index.include) };
}

function projection(include: TableIndex['include']): Projection {
  if (include === 'all') return { ProjectionType: 'ALL' };
  if (include === 'keys') return { ProjectionType: 'KEYS_ONLY' };
  return { ProjectionType: 'INCLUDE', NonKeyAttributes: [...include] };
}
