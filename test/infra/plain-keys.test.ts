import { transformSync } from 'esbuild';
import { expect, it } from 'vitest';
import { withPlainKeys } from '#infra/constructs/plain-keys.ts';

const text = `
const _hH = "httpHeader";
var _n = 5;
const Unused = [3, { [_hH]: "x" }];
export const used = [{ [_hH]: "y", [_n]: 1, [_other]: 2 }];
`;

it('puts the names of constant texts in place of computed keys, and leaves every other key alone', () => {
  const plain = withPlainKeys(text);
  expect(plain).toContain('{ "httpHeader": "y", [_n]: 1, [_other]: 2 }');
});

it('lets what nobody uses be dropped', () => {
  const kept = (source: string) => transformSync(source, { treeShaking: true, format: 'esm' }).code.includes('Unused');
  expect([kept(text), kept(withPlainKeys(text))]).toEqual([true, false]);
});
