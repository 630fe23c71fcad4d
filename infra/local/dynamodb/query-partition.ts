import type { Input } from './run-dynalite.ts';

/** The value that a query asks of its partition key, `undefined` where its condition is none that we write. */
export function partitionOfQuery(partition: string, input: Input): unknown {
  const names = entriesOf(input['ExpressionAttributeNames']);
  const values = entriesOf(input['ExpressionAttributeValues']);
  for (const [, name = '', value = ''] of String(input['KeyConditionExpression'] ?? '').matchAll(equality)) {
    if ((names.get(name) ?? name) === partition) return values.get(value);
  }
  return undefined;
}

const equality = /(#?\w+)\s*=\s*(:\w+)/g;

const entriesOf = (value: unknown): Map<string, unknown> =>
  new Map(typeof value === 'object' && value !== null ? Object.entries(value) : []);
