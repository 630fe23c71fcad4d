import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LocalFunction, openFunction } from '#infra/local/lambda/function-pool.ts';
import type { FunctionDefinition } from '#infra/local/template/description.ts';

export type MadeFunction = LocalFunction & { printed: () => string };

/** Functions made of source text, for a test file; `close` stops those that are open, `remove` takes their files away. */
export function functionMaker() {
  const root = mkdtempSync(join(tmpdir(), 'earshot-lambda-'));
  const open: LocalFunction[] = [];
  let count = 0;
  return {
    root,
    /** A function whose module is `code`; `printed` gives what it wrote. */
    make(code: string, more: Partial<FunctionDefinition> = {}, isAwaited = true): MadeFunction {
      count += 1;
      const name = `f${count}`;
      const folder = join(root, name);
      mkdirSync(folder);
      writeFileSync(join(folder, 'index.mjs'), code);
      const where = { name, logicalId: name, folder, handler: 'index.handler', environment: {} };
      const acting = { role: 'arn:role', logGroup: `/aws/lambda/${name}` };
      const definition = { ...where, ...acting, timeoutMs: 10_000, memoryMb: 256, concurrency: 1, ...more };
      let printed = '';
      const made = openFunction(definition, {
        isAwaited,
        endpoints: { AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:9' },
        onOutput: (output) =>
          output.on('data', (chunk) => {
            printed += String(chunk);
          }),
      });
      open.push(made);
      return { ...made, printed: () => printed };
    },
    close: async (): Promise<void> => {
      await Promise.all(open.splice(0).map((one) => one.stop()));
    },
    remove: () => rmSync(root, { recursive: true }),
  };
}
