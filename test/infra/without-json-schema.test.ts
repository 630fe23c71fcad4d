import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { bundleOf } from '#infra/constructs/bundle.ts';
import { withoutJsonSchema } from '#infra/constructs/without-json-schema.ts';

/** As esbuild writes zod's modules. */
const text = `
var ZodString = () => {
  inst._zod.processJSONSchema = (ctx, json2, params) => stringProcessor(inst, ctx, json2, params);
  inst.kept = true;
};
var jsonSchema = { input: createStandardJSONSchemaMethod(this, "input"), output: createStandardJSONSchemaMethod(this, "output") };
var methods = {
  toJSONSchema(params) {
    return createToJSONSchemaMethod(this, {})(params);
  }
};
`;

it('takes the way to JSON Schema from every schema, and nothing else', () => {
  const without = withoutJsonSchema(text);
  expect(without).not.toMatch(/Processor|SchemaMethod/);
  expect(without).toContain('inst.kept = true;');
});

it.each(['function toJSONSchema(input, params) {}', 'export function toJSONSchema(input) {}', 'known.toJSONSchema();'])(
  'leaves a bundle alone that asks for it: %s',
  (asking) => {
    expect(withoutJsonSchema(text + asking)).toBe(text + asking);
  },
);

it('finds zod as it is bundled today', () => {
  const bundle = [...bundleOf(resolve(import.meta.dirname, '../../functions/publish/handler.ts')).values()].join('\n');
  expect(bundle).toContain('invalid_type');
  expect(bundle).not.toMatch(/processJSONSchema|draft-2020-12/);
});
