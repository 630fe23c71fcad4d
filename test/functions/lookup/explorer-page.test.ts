import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { explorerPage } from '#infra/constructs/explorer-page.ts';
import { type HttpAnswer, lookupOver, type TestLookup } from './lookup-harness.ts';
import { clock, setUpLookupTable, store } from './lookup-table.ts';

setUpLookupTable();

const folder = mkdtempSync(join(tmpdir(), 'earshot-page-'));
afterAll(() => rmSync(folder, { recursive: true }));
for (const [path, text] of explorerPage()) {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

let lookup: TestLookup | undefined;
const get = (target: string, headers: Record<string, string> = {}): Promise<HttpAnswer> => {
  lookup ??= lookupOver(store, clock, undefined, undefined, { page: pathToFileURL(`${folder}/`) });
  return lookup.call(target, { headers });
};
const policyOf = ({ headers }: HttpAnswer) =>
  Object.entries(headers).flatMap(([name, value]) => (name.toLowerCase() === 'content-security-policy' ? value : []));

describe('the explorer', () => {
  it('is a page with a policy that lets nothing in but its own files and the media', async () => {
    const page = await get('/');
    expect([page.status, page.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    expect(page.headers['cache-control']).toBe('no-cache');
    const [policy = '', ...others] = policyOf(page);
    expect(others).toEqual([]);
    expect(policy).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self';/);
    expect(policy).toMatch(/; media-src 'self' https?:\/\/[^ ;*]+;/);
    expect(policy).not.toContain('unsafe');
    expect(page.text).not.toMatch(/<script(?![^>]* src="\/assets\/)|<style|\son\w+=|https?:/);
    const again = await get('/', { 'if-none-match': page.headers['etag'] ?? '' });
    expect([again.status, again.text]).toEqual([304, '']);
  });

  it('has files that are kept for ever, packed for whoever unpacks them', async () => {
    const names = (await get('/')).text.match(/\/assets\/[\w.-]+/g) ?? [];
    expect(names).toHaveLength(explorerPage().size - 1);
    for (const name of names) {
      const plain = await get(name);
      const packed = await get(name, { 'accept-encoding': 'br, gzip' });
      expect([plain.status, plain.headers['cache-control']]).toEqual([200, 'public, max-age=31536000, immutable']);
      expect(plain.text).toBe(explorerPage().get(name.slice(1)));
      expect([packed.headers['content-encoding'], packed.headers['vary']]).toEqual(['gzip', 'Accept-Encoding']);
      expect(gunzipSync(packed.bytes).toString()).toBe(plain.text);
      expect((await get(name, { 'accept-encoding': 'gzip;q=0' })).text).toBe(plain.text);
    }
  });

  it('gives no other file', async () => {
    for (const name of ['main-AAAAAAAA.js', '..%2Findex.html', 'index.html', '%2e%2e%2fconnections.json', 'main.js'])
      expect((await get(`/assets/${name}`)).status, name).toBe(404);
  });

  it('is small: 120 KB packed at most', () => {
    const bytes = [...explorerPage().values()].map((text) => gzipSync(text).length);
    expect(bytes.reduce((sum, one) => sum + one, 0)).toBeLessThan(120_000);
  });
});
