import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { connectors } from '#shared/providers/registry.ts';
import { recordedSchema } from '#test/providers/kit/recorded.ts';

const root = resolve(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'docs/adding-a-provider.md'), 'utf8');
const steps = page.slice(page.indexOf('## The steps'), page.indexOf('## A scenario'));

const all = (text: string, pattern: RegExp): string[] => [...text.matchAll(pattern)].map(([, found = '']) => found);

it('takes at most ten steps, numbered in order', () => {
  const numbers = all(steps, /^(\d+)\. \*\*/gm).map(Number);
  expect(numbers.length).toBeLessThanOrEqual(10);
  expect(numbers).toEqual(Array.from({ length: numbers.length }, (_, i) => i + 1));
  expect(numbers.length).toBeGreaterThan(5);
});

it('names files that are there, those of a provider at every provider', () => {
  const named = all(page, /`((?:functions|infra|shared|test|docs)\/[^`\s]+)`/g);
  expect(named.length).toBeGreaterThan(10);
  for (const { provider, streams } of connectors) {
    for (const { name } of streams) {
      const places = { '<provider>': provider, '<stream>': name, '<scenario>': 'walk' };
      const paths = named.map((path) =>
        Object.entries(places).reduce((filled, [place, value]) => filled.replaceAll(place, value), path),
      );
      expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
    }
  }
});

it('touches one folder, one line of the registry and one folder of fixtures', () => {
  const touched = all(steps, /`((?:shared|test)\/[^`\s]*<provider>\/)/g);
  expect([...new Set(touched)].toSorted()).toEqual(['shared/providers/<provider>/', 'test/fixtures/<provider>/']);
});

it('shows a scenario that can be read, and names every key of one', () => {
  const [example = ''] = all(page, /^```json\n([\s\S]*?)^```$/gm);
  expect(recordedSchema.safeParse(JSON.parse(example)).error).toBeUndefined();
  const { exchange, media, ...shape } = recordedSchema.shape;
  const keys = [
    ...Object.keys({ ...shape, exchange, media }),
    ...Object.keys(exchange.element.shape),
    ...Object.keys(media.unwrap().valueType.shape),
  ];
  for (const key of keys) expect(page, key).toContain(`\`${key}\``);
});
