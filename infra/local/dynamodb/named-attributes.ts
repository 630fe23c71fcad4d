import type { Input } from './run-dynalite.ts';

/** Words of expressions that are no names of attributes. */
const words = new Set(
  [
    ...['SET', 'REMOVE', 'ADD', 'DELETE', 'AND', 'OR', 'NOT', 'IN', 'BETWEEN'],
    ...[
      'attribute_exists',
      'attribute_not_exists',
      'attribute_type',
      'begins_with',
      'contains',
      'size',
      'if_not_exists',
    ],
    'list_append',
  ].map((word) => word.toLowerCase()),
);

const expressions = ['UpdateExpression', 'ConditionExpression'] as const;

/** The attributes that an UpdateItem touches, at their top level: of its key, and those that its expressions name. */
export function attributesOfUpdate(input: Input): string[] {
  const names = recordOf(input['ExpressionAttributeNames']);
  const texts = expressions.map((name) => input[name]).filter((text) => typeof text === 'string');
  const named = texts.flatMap((text) => text.match(/(?<![\w#:.])#?[A-Za-z_]\w*/g) ?? []);
  const attributes = named.map((name) => (name.startsWith('#') ? String(names[name]) : name));
  return [...new Set([...Object.keys(recordOf(input['Key'])), ...attributes])].filter(
    (name) => !words.has(name.toLowerCase()),
  );
}

const recordOf = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {};
