import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { lookup, setUpLookupTable } from './lookup-table.ts';

setUpLookupTable();

const docs = new URL('../../../docs/', import.meta.url);
const fileOf = (name: string): string => readFileSync(new URL(name, docs), 'utf8');

describe('the documents', () => {
  it('are public, and kept as long as they are these', async () => {
    for (const [path, name, type] of [
      ['/openapi.json', 'openapi.json', 'application/json'],
      ['/asyncapi.json', 'asyncapi.json', 'application/json'],
      ['/docs', 'api.html', 'text/html'],
    ] as const) {
      const answer = await lookup.call(path);
      expect([answer.status, answer.text === fileOf(name)]).toEqual([200, true]);
      expect(answer.headers['content-type']).toBe(`${type}; charset=utf-8`);
      const again = await lookup.call(path, { headers: { 'if-none-match': answer.headers['etag'] ?? '' } });
      expect([again.status, again.text]).toEqual([304, '']);
      expect((await lookup.call(`${path}?x=1`)).status).toBe(400);
    }
  });

  it('are a page whose policy lets its own style through and nothing else', async () => {
    const { headers, text } = await lookup.call('/docs');
    const style = /<style>([^<]*)<\/style>/.exec(text)?.[1] ?? '';
    const hash = createHash('sha256').update(style).digest('base64');
    const policies = Object.entries(headers).filter(([name]) => name.toLowerCase() === 'content-security-policy');
    expect(policies.map(([, policy]) => policy)).toEqual([
      `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    ]);
  });
});
