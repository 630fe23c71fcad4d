import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { createConfig, lintFromString } from '@redocly/openapi-core';
import { describe, expect, it } from 'vitest';
import { documentTexts } from '#functions/lookup/documents/write.ts';
import { routes } from '#functions/lookup/routes.ts';

const root = resolve(import.meta.dirname, '../..');
const texts = documentTexts();

describe("the API's documents", () => {
  it.each([...texts])('%s is what the code makes: npm run schemas', (path, text) => {
    // Not shown where they differ: they are long.
    expect(readFileSync(resolve(root, path), 'utf8') === text).toBe(true);
  });

  it('are an OpenAPI document without fault, examples included', async () => {
    const config = await createConfig({ extends: ['recommended'] });
    const source = texts.get('docs/openapi.json') ?? '';
    const problems = await lintFromString({ source, absoluteRef: resolve(root, 'docs/openapi.json'), config });
    expect(problems.map(({ ruleId, message, location: [place] }) => [ruleId, message, place?.pointer])).toEqual([]);
  });

  it('hold every address once', () => {
    const { paths } = JSON.parse(texts.get('docs/openapi.json') ?? '');
    const described = Object.entries<Record<string, { operationId: string }>>(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { operationId }]) => [method.toUpperCase(), path, operationId].join(' ')),
    );
    const wanted = routes.map(({ method, path, about }) => [method, path, about.id].join(' '));
    expect(described.sort()).toEqual(wanted.sort());
    expect(new Set(routes.map(({ about }) => about.id)).size).toBe(routes.length);
  });

  it('can be read without scripts and without any other host', () => {
    const page = texts.get('docs/api.html') ?? '';
    expect(page).not.toMatch(/<script|<link|<img|\son\w+=|javascript:|src=/i);
    const addresses = [...page.matchAll(/href="([^"]*)"/g)].map(([, href]) => href);
    expect(addresses.filter((href) => !/^(#[\w-]+|\/openapi\.json)$/.test(href ?? ''))).toEqual([]);
    const ids = new Set([...page.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => `#${id}`));
    expect(addresses.filter((href) => href?.startsWith('#') && !ids.has(href))).toEqual([]);
  });
});
