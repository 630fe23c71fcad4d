import { escapeHtml, inlineMarkup } from './html.ts';
import type { JsonSchema } from './json-schema.ts';
import { schemaTable } from './schema-table.ts';

/**
 * The readable page of an OpenAPI document: one file without scripts, foreign hosts or fonts, so that a strict policy
 * holds for it and it reads offline.
 */
export function pageOf(document: JsonSchema, style: string): string {
  const { info, tags, paths, components } = document as Document;
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), ...operation })),
  );
  const parts = tags.map((tag) => ({ ...tag, operations: operations.filter(({ tags: [own] }) => own === tag.name) }));
  const navigation = parts.map(
    ({ name, operations: own }) =>
      `<li><a href="#${slug(name)}">${escapeHtml(name)}</a><ul>${own.map(entryOf).join('')}</ul></li>`,
  );
  const sections = parts.map(
    ({ name, description, operations: own }) =>
      `<section><h2 id="${slug(name)}">${escapeHtml(name)}</h2><p>${inlineMarkup(description)}</p>${own.map(articleOf).join('')}</section>`,
  );
  const schemas = Object.entries(components.schemas).map(
    ([name, schema]) => `<article><h3 id="schema-${name}">${escapeHtml(name)}</h3>${schemaTable(schema)}</article>`,
  );
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escapeHtml(info.title)} API</title><style>${style}</style></head><body>`,
    `<nav aria-label="Contents"><h1>${escapeHtml(info.title)} API</h1><p><a href="/openapi.json">openapi.json</a></p>`,
    `<ul>${navigation.join('')}<li><a href="#schemas">Schemas</a></li></ul></nav>`,
    `<main><p>${escapeHtml(info.summary)}. Version ${escapeHtml(info.version)}.</p>${sections.join('')}`,
    `<section><h2 id="schemas">Schemas</h2>${schemas.join('')}</section></main></body></html>\n`,
  ].join('\n');
}

type Operation = {
  operationId: string;
  summary: string;
  description?: string;
  tags: readonly string[];
  parameters?: readonly { name: string; in: string; required: boolean; description?: string; schema: JsonSchema }[];
  requestBody?: { content: Content };
  responses: Readonly<Record<string, { description: string; content?: Content }>>;
};
type Content = Readonly<Record<string, { schema?: JsonSchema; examples?: Readonly<Record<string, Shown>> }>>;
type Shown = { summary?: string; value: unknown };
type Listed = Operation & { path: string; method: string };
type Document = {
  info: { title: string; summary: string; version: string };
  tags: readonly { name: string; description: string }[];
  paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  components: { schemas: Readonly<Record<string, JsonSchema>> };
};

const slug = (text: string): string => text.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');

const entryOf = ({ operationId, method, path }: Listed): string =>
  `<li><a href="#${operationId}"><b>${method}</b> ${escapeHtml(path)}</a></li>`;

function articleOf({
  operationId,
  method,
  path,
  summary,
  description,
  parameters = [],
  requestBody,
  responses,
}: Listed) {
  const rows = parameters.map(
    (one) =>
      `<tr><td><code>${escapeHtml(one.name)}</code></td><td>${one.in}${one.required ? ', required' : ''}</td><td>${inlineMarkup(one.description ?? '')} ${schemaTable(one.schema)}</td></tr>`,
  );
  const answers = Object.entries(responses).map(
    ([status, { description: meaning, content }]) =>
      `<dt><code>${status}</code> ${inlineMarkup(meaning)}</dt><dd>${content ? contentOf(content) : ''}</dd>`,
  );
  return [
    `<article><h3 id="${operationId}"><b>${method}</b> <code>${escapeHtml(path)}</code></h3>`,
    `<p>${inlineMarkup(summary)}. ${inlineMarkup(description ?? 'Needs no token.')}</p>`,
    rows.length > 0
      ? `<table><thead><tr><th>Parameter</th><th>Where</th><th>What</th></tr></thead><tbody>${rows.join('')}</tbody></table>`
      : '',
    requestBody ? `<h4>Body</h4>${contentOf(requestBody.content)}` : '',
    `<h4>Answers</h4><dl>${answers.join('')}</dl></article>`,
  ].join('');
}

const contentOf = (content: Content): string =>
  Object.entries(content)
    .map(([type, { schema, examples = {} }]) => {
      const shown = Object.values(examples).map(
        ({ summary = 'Example', value }) =>
          `<details><summary>${inlineMarkup(summary)}</summary><pre>${escapeHtml(textOf(value))}</pre></details>`,
      );
      return `<div><code>${escapeHtml(type)}</code> ${schema ? schemaTable(schema) : ''}</div>${shown.join('')}`;
    })
    .join('');

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value, null, 2));
