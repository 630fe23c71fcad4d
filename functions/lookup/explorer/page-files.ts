import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

/** A file of the page, as it is and packed: a Function URL packs nothing. */
export type PageFile = { text: string; packed: Buffer };

/** The names that the page's making gives: no slash and no two dots, so that none leads out of the folder. */
const assetName = /^[a-z]+-[A-Z0-9]{8}\.(js|css|svg)$/;

const known = new Map<string, PageFile>();

/** The page itself, read when it is first asked for. Throws where it is not there. */
export async function readIndex(folder: URL): Promise<PageFile> {
  const file = await remembered(new URL('index.html', folder));
  if (!file) throw new Error('the page is not beside the bundle');
  return file;
}

/** One of the page's files, or null where there is none of this name. */
export const readAsset = async (folder: URL, name: string): Promise<PageFile | null> =>
  assetName.test(name) ? remembered(new URL(`assets/${name}`, folder)) : null;

/** What is not there is not remembered: anybody may ask for any name. */
async function remembered(file: URL): Promise<PageFile | null> {
  const found = known.get(file.href) ?? (await read(file));
  if (found) known.set(file.href, found);
  return found;
}

async function read(file: URL): Promise<PageFile | null> {
  try {
    const text = await readFile(file, 'utf8');
    return { text, packed: await promisify(gzip)(text, { level: 9 }) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
