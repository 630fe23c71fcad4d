/**
 * A bundle's text in which zod's schemas do not know how they are written as JSON Schema. Each carries that along, and a
 * bundler must believe that somebody asks: 19 KB of every function, of which only our documents have a use, and these are
 * made before a deployment. A bundle that asks stays as it is.
 */
export function withoutJsonSchema(text: string): string {
  if (asks.test(text)) return text;
  return text.replaceAll(howWritten, '').replaceAll(standardMethod, 'void 0').replaceAll(ownMethod, 'return void 0;');
}

/** zod's function, which is there where it is called, or a call of a schema's own method. */
const asks = /^(?:export )?function toJSONSchema\(|[\w)]\.toJSONSchema\(/m;

const howWritten = /^ *inst\._zod\.processJSONSchema = \(ctx, \w+, params\) => \w+\(inst, ctx, \w+, params\);$/gm;
const standardMethod = /createStandardJSONSchemaMethod\(this, "(?:input|output)"\)/g;
const ownMethod = /return createToJSONSchemaMethod\(this, \{\}\)\(params\);/g;
