import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { buildSync } from 'esbuild';
import { keptTexts, type Texts } from './kept-texts.ts';

const folder = resolve(import.meta.dirname, '../../explorer');

/**
 * The explorer as static files: `index.html`, and `assets/` with its script, style and icon, whose names hold a hash of
 * what they hold, so that they may be kept for ever.
 */
export const explorerPage = (): Texts => keptTexts('explorer', makePage);

function makePage(): Texts {
  const scratch = mkdtempSync(join(tmpdir(), 'earshot-explorer-'));
  try {
    const { outputFiles } = buildSync({
      entryPoints: ['main.tsx', 'style.css', 'icon.svg'].map((name) => join(folder, name)),
      entryNames: '[name]-[hash]',
      outdir: scratch,
      write: false,
      bundle: true,
      minify: true,
      legalComments: 'none',
      logLevel: 'error',
      format: 'esm',
      // Every browser that knows `light-dark()` knows all of this.
      target: ['chrome123', 'firefox128', 'safari17.5'],
      tsconfig: join(folder, 'tsconfig.json'),
      loader: { '.svg': 'copy' },
    });
    const assets = outputFiles.map(({ path, text }) => [basename(path), text] as const);
    const index = assets.reduce(
      (html, [name]) => html.replace(name.replace(/-[^-.]+(\.\w+)$/, '$1'), name),
      readFileSync(join(folder, 'index.html'), 'utf8'),
    );
    return new Map([['index.html', index], ...assets.map(([name, text]) => [`assets/${name}`, text] as const)]);
  } finally {
    rmSync(scratch, { recursive: true });
  }
}
