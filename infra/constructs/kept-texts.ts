import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import * as z from 'zod';
import { sourcesKey } from '../sources-key.ts';

/** Texts of files, by their paths in the folder that they come into. */
export type Texts = ReadonlyMap<string, string>;

const root = resolve(import.meta.dirname, '../..');
/** With the packages it is made of, so that an installation takes it away. */
const keptFolder = join(root, 'node_modules/.cache/earshot/made');
const keptSchema = z.array(z.tuple([z.string(), z.string()]));

const known = new Map<string, Texts>();
let key: string | undefined;

/**
 * What `make` makes of the project's sources: once in a process, and not at all where another process has made it of the
 * same ones. `name` tells it from what else is made of them. Where nothing can be kept, each process makes its own.
 */
export function keptTexts(name: string, make: () => Texts): Texts {
  const texts = known.get(name) ?? readKept(name) ?? keep(name, make());
  known.set(name, texts);
  return texts;
}

const folderOfSources = (): string => {
  key ??= sourcesKey(root, '');
  return join(keptFolder, key);
};

function readKept(name: string): Texts | null {
  try {
    return new Map(keptSchema.parse(JSON.parse(readFileSync(join(folderOfSources(), `${name}.json`), 'utf8'))));
  } catch {
    return null;
  }
}

/** Written beside and put in place: another process reads all of it or nothing. */
function keep(name: string, texts: Texts): Texts {
  const folder = folderOfSources();
  const beside = join(folder, `${name}.${process.pid}`);
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(beside, JSON.stringify([...texts]));
    renameSync(beside, join(folder, `${name}.json`));
    for (const other of readdirSync(keptFolder))
      if (other !== key) rmSync(join(keptFolder, other), { recursive: true });
  } catch {
    // The next process makes it again.
  }
  return texts;
}
