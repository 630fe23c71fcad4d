import type { TableDefinition, TableIndex } from '#infra/local/dynamodb/create-table.ts';
import type { Description, SecretValue } from './description.ts';
import type { Found } from './found.ts';
import { bucketProperties, secretProperties, tableProperties } from './properties.ts';
import { TemplateError } from './template-error.ts';

export function describeTable({ name, properties }: Found, into: Description): void {
  const table = tableProperties.parse(properties);
  const other = table.AttributeDefinitions.find(({ AttributeType }) => AttributeType !== 'S');
  if (other) throw new TemplateError(`key attribute ${other.AttributeName} is not a string`);
  const ttl = table.TimeToLiveSpecification;
  const definition: TableDefinition = {
    name,
    keys: tableKey(table.KeySchema),
    indexes: table.GlobalSecondaryIndexes.map((index) => ({
      name: index.IndexName,
      ...tableKey(index.KeySchema),
      include: included(index.Projection),
    })),
    ...(ttl?.Enabled && { ttl: ttl.AttributeName }),
    ...(table.StreamSpecification && { stream: table.StreamSpecification.StreamViewType }),
  };
  into.tables.push(definition);
}

type KeySchema = readonly { AttributeName: string; KeyType: 'HASH' | 'RANGE' }[];

function tableKey(schema: KeySchema): { partition: string; sort?: string } {
  const partition = schema.find(({ KeyType }) => KeyType === 'HASH')?.AttributeName;
  const sort = schema.find(({ KeyType }) => KeyType === 'RANGE')?.AttributeName;
  if (partition === undefined) throw new TemplateError('a key without a HASH attribute');
  return sort === undefined ? { partition } : { partition, sort };
}

function included(projection: {
  ProjectionType: string;
  NonKeyAttributes?: string[] | undefined;
}): TableIndex['include'] {
  if (projection.ProjectionType === 'ALL') return 'all';
  return projection.ProjectionType === 'KEYS_ONLY' ? 'keys' : (projection.NonKeyAttributes ?? []);
}

export function describeBucket({ name, properties }: Found, into: Description): void {
  bucketProperties.parse(properties);
  into.buckets.push({ name });
}

export function describeSecret({ name, properties }: Found, into: Description): void {
  const { SecretString, GenerateSecretString } = secretProperties.parse(properties);
  if (SecretString !== undefined) into.secrets.push({ name, value: { kind: 'text', text: SecretString } });
  // A secret without either holds a random password, as with an empty GenerateSecretString.
  else into.secrets.push({ name, value: generated(GenerateSecretString ?? {}) });
}

function generated(given: unknown): SecretValue {
  const rules = secretProperties.shape.GenerateSecretString.unwrap().parse(given);
  const alphabet = [
    ...(rules.ExcludeLowercase ? '' : 'abcdefghijklmnopqrstuvwxyz'),
    ...(rules.ExcludeUppercase ? '' : 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'),
    ...(rules.ExcludeNumbers ? '' : '0123456789'),
    ...(rules.ExcludePunctuation ? '' : '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~'),
    ...(rules.IncludeSpace ? ' ' : ''),
  ].filter((mark) => !rules.ExcludeCharacters.includes(mark));
  const { SecretStringTemplate: json, GenerateStringKey: key } = rules;
  if ((json === undefined) !== (key === undefined))
    throw new TemplateError('SecretStringTemplate and GenerateStringKey belong together');
  const value = { kind: 'generated', length: rules.PasswordLength, alphabet: alphabet.join('') } as const;
  return json !== undefined && key !== undefined ? { ...value, template: { json, key } } : value;
}
