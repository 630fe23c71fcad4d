import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeEach, expect, it, vi } from 'vitest';
import { sourcesKey } from '#infra/sources-key.ts';

const root = resolve(import.meta.dirname, '../..');
const folder = join(root, 'node_modules/.cache/earshot/made', sourcesKey(root, ''));
const name = `test-${process.pid}`;
const made = new Map([
  ['index.mjs', 'export {};\n'],
  ['a/b.css', 'body { content: "\u2028" }'],
]);
const make = vi.fn(() => made);

/** The module as another process has it. */
async function inAnotherProcess() {
  vi.resetModules();
  const { keptTexts } = await import('#infra/constructs/kept-texts.ts');
  return keptTexts;
}

const forget = () => rmSync(join(folder, `${name}.json`), { force: true });
beforeEach(() => {
  forget();
  make.mockClear();
});
afterAll(forget);

it('is made once, also for other processes, and leaves nothing beside it', async () => {
  for (let process = 0; process < 2; process++) {
    const keptTexts = await inAnotherProcess();
    expect(keptTexts(name, make)).toEqual(made);
    expect(keptTexts(name, make)).toEqual(made);
  }
  expect(make).toHaveBeenCalledTimes(1);
  expect(readdirSync(folder).filter((file) => file.startsWith(name))).toEqual([`${name}.json`]);
});

it.each(['', '[["index.mjs"', '{}', '[["a", 1]]'])(
  'is made anew where what is kept is damaged: %j',
  async (damaged) => {
    (await inAnotherProcess())(name, make);
    writeFileSync(join(folder, `${name}.json`), damaged);
    expect((await inAnotherProcess())(name, make)).toEqual(made);
    expect(make).toHaveBeenCalledTimes(2);
  },
);
