import * as z from 'zod';
import { names } from './named-schemas.ts';

export type JsonSchema = Readonly<Record<string, unknown>>;

/** Schemas with a name of their own (named-schemas.ts), by that name. */
export type NamedSchemas = Map<string, JsonSchema>;

/** Whether a schema says what is sent to us (`input`: before it is parsed) or what we send. */
export type Direction = 'input' | 'output';

/**
 * A zod schema as JSON Schema 2020-12, which OpenAPI 3.1 takes as it is. Named schemas inside it go to `named` and are
 * referred to.
 */
export function jsonSchemaOf(schema: z.ZodType, io: Direction, named: NamedSchemas): JsonSchema {
  const {
    $schema: _,
    $defs,
    ...own
  } = z.toJSONSchema(schema, { io, unrepresentable: 'any', metadata: names, override: described });
  for (const [name, definition] of Object.entries($defs ?? {})) {
    if (!name.startsWith('__')) named.set(name, referring(definition));
  }
  const id = own['id'];
  if (typeof id !== 'string') return referring(own);
  named.set(id, referring(own));
  return { $ref: `#/components/schemas/${id}` };
}

type Context = { zodSchema: z.core.$ZodTypes; jsonSchema: z.core.JSONSchema.BaseSchema };

/** With the description that stands at the schema. Formats that zod gives with a pattern beside them say the same twice. */
function described({ zodSchema, jsonSchema }: Context): void {
  const description = z.globalRegistry.get(zodSchema)?.description;
  if (description !== undefined) jsonSchema.description = description;
  if (jsonSchema.format !== undefined) delete jsonSchema.pattern;
}

/** The same with references to where OpenAPI keeps named schemas, and without the names themselves. */
const referring = (schema: unknown): JsonSchema => rewritten(schema) as JsonSchema;

function rewritten(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(rewritten);
  if (typeof value !== 'object' || value === null) return value;
  // What has no name of its own and refers to itself is any JSON there is.
  if ('$ref' in value && isNameless(value.$ref)) return { description: 'any JSON' };
  const fields = Object.entries(value).filter(([name, field]) => !(name === 'id' && typeof field === 'string'));
  return Object.fromEntries(fields.map(([name, field]) => [name, name === '$ref' ? placed(field) : rewritten(field)]));
}

const isNameless = (reference: unknown): boolean => String(reference).startsWith('#/$defs/__');
const placed = (reference: unknown): string => String(reference).replace('#/$defs/', '#/components/schemas/');
