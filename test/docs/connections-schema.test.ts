import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { scopes } from '#shared/domain/connections.ts';
import { connectionsJsonSchema } from '#shared/domain/read-connections.ts';
import { connectors } from '#shared/providers/registry.ts';

const docs = join(import.meta.dirname, '../../docs');
const page = readFileSync(join(docs, 'connections.md'), 'utf8');

it('the JSON Schema file is what the code makes: npm run schemas', () => {
  expect(JSON.parse(readFileSync(join(docs, 'connections.schema.json'), 'utf8'))).toEqual(connectionsJsonSchema());
});

type Property = { default?: unknown; properties?: Record<string, Property> };
const propertySchema: z.ZodType<Property> = z.looseObject({
  default: z.unknown().optional(),
  get properties() {
    return z.record(z.string(), propertySchema).optional();
  },
});
const fileSchema = z.object({
  properties: z.object({
    connections: z.object({ items: propertySchema }),
    clients: z.object({ items: z.object({ anyOf: z.array(propertySchema) }) }),
    corsOrigins: propertySchema,
  }),
});

const { connections, clients, corsOrigins } = fileSchema.parse(connectionsJsonSchema()).properties;
const connectionKeys = Object.entries(connections.items.properties ?? {});
const nestedKeys = connectionKeys.flatMap(([outer, { properties = {} }]) =>
  Object.entries(properties).map(([inner, property]): [string, Property] => [`${outer}.${inner}`, property]),
);
const clientKeys = clients.items.anyOf.flatMap(({ properties = {} }) => Object.entries(properties));
const keys = new Map([...connectionKeys, ...nestedKeys, ...clientKeys, ['corsOrigins', corsOrigins] as const]);

/** Rows of the tables with a default: `| key | default | today | meaning |`. */
const rows = new Map(
  [...page.matchAll(/^\| `([\w.]+)` +\| (.+?) +\| (yes|later) +\| .+ \|$/gm)].map(([, key = '', shown = '']) => [
    key,
    shown,
  ]),
);

describe('the page of the connections file', () => {
  it('has a row for each key, and for no other', () => {
    expect([...rows.keys()].toSorted()).toEqual([...keys.keys()].toSorted());
  });

  it('shows each default as it is', () => {
    for (const [key, property] of keys) {
      const shown = rows.get(key);
      if (property.default === undefined) expect(shown, key).not.toMatch(/^`["[{\dtf]/);
      else expect(shown, key).toBe(`\`${JSON.stringify(property.default)}\``);
    }
  });

  it('names each provider that has a connector, and each scope', () => {
    for (const { provider } of connectors) expect(page).toContain(`\`${provider}\``);
    for (const scope of scopes) expect(page).toContain(`\`${scope}\``);
  });
});
