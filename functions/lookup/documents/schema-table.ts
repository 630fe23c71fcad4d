import { escapeHtml, inlineMarkup } from './html.ts';
import type { JsonSchema } from './json-schema.ts';

const isSchema = (value: unknown): value is JsonSchema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A schema in HTML: a few words for what is simple, a table of the fields for an object, a link for a named one. */
export function schemaTable(schema: JsonSchema): string {
  const properties = schema['properties'];
  if (!isSchema(properties)) return `<span>${wordsOf(schema)}</span>`;
  const required = Array.isArray(schema['required']) ? schema['required'] : [];
  const rows = Object.entries(properties).map(([name, field]) => {
    const inner = isSchema(field) ? field : {};
    const description = typeof inner['description'] === 'string' ? `${inlineMarkup(inner['description'])} ` : '';
    return `<tr><td><code>${escapeHtml(name)}</code>${required.includes(name) ? '' : '?'}</td><td>${description}${schemaTable(inner)}</td></tr>`;
  });
  return `<table class="fields"><tbody>${rows.join('')}</tbody></table>`;
}

const typeNameOf = (type: unknown): string =>
  Array.isArray(type) ? type.join(' or ') : typeof type === 'string' ? type : 'anything';

/** What a schema is in words; unions divided by "or". */
function wordsOf(schema: JsonSchema): string {
  const { $ref: reference, type, format, items, additionalProperties } = schema;
  if (typeof reference === 'string') {
    const name = escapeHtml(reference.split('/').at(-1) ?? '');
    return `<a href="#schema-${name}">${name}</a>`;
  }
  if ('const' in schema) return `<code>${escapeHtml(JSON.stringify(schema['const']))}</code>`;
  if (Array.isArray(schema['enum']))
    return schema['enum'].map((one) => `<code>${escapeHtml(String(one))}</code>`).join(' ');
  const options = [schema['anyOf'], schema['oneOf']].find(Array.isArray);
  if (options) return options.filter(isSchema).map(schemaTable).join(' or ');
  if (type === 'array') return `list of ${isSchema(items) ? schemaTable(items) : 'anything'}`;
  if (type === 'object' && isSchema(additionalProperties)) return `by name: ${schemaTable(additionalProperties)}`;
  const limits = ['minimum', 'maximum', 'minLength', 'maxLength', 'pattern', 'default']
    .filter((name) => schema[name] !== undefined && Math.abs(Number(schema[name])) !== Number.MAX_SAFE_INTEGER)
    .map((name) => `${name} <code>${escapeHtml(JSON.stringify(schema[name]))}</code>`);
  const named = [typeNameOf(type), typeof format === 'string' ? `(${format})` : '', limits.join(', ')];
  return named.filter((part) => part !== '').join(' ');
}
