import { spawnSync } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { join, resolve } from 'node:path';
import * as z from 'zod';

const root = resolve(import.meta.dirname, '../..');

const reportSchema = z.object({
  summary: z.object({ unchanged: z.int(), errors: z.int() }),
  diagnostics: z.array(z.object({ location: z.object({ path: z.string() }) })),
});

/** What the rules about sockets in `cwd`'s biome.json say of its folders; `found` are the files that break one. */
export function lintSockets(cwd: string, folders: readonly string[]) {
  const tool = realpathSync(join(root, 'node_modules/.bin/biome'));
  const only = ['--only=style/noRestrictedImports', '--only=style/noRestrictedGlobals'];
  const args = [tool, 'lint', ...only, '--reporter=json', '--max-diagnostics=500', ...folders];
  const { stdout, stderr } = spawnSync(process.execPath, args, { cwd, encoding: 'utf8', maxBuffer: 64 * 1024 ** 2 });
  if (!stdout) throw new Error(stderr);
  const { summary, diagnostics } = reportSchema.parse(JSON.parse(stdout));
  return { summary, found: diagnostics.map(({ location }) => location.path) };
}
