import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { bundleOf } from '#infra/constructs/bundle.ts';
import { median, type Row } from './row.ts';

const starts = 15;

/** Lambda's own runtime has these loaded before a function starts. */
const runtime = `globalThis.awslambda={streamifyResponse:(handler)=>handler};await import('node:http');`;

/** How much code the lookup is, and how long it takes until its handler is there, over a function that does nothing. */
export async function lookupStart(): Promise<Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'earshot-start-'));
  try {
    const bundle = bundleOf(resolve(import.meta.dirname, '../../functions/lookup/handler.ts'));
    for (const [file, text] of bundle) await writeFile(join(folder, file), text);
    await writeFile(join(folder, 'empty.mjs'), 'export const handler = async () => {};');
    await writeFile(join(folder, 'connections.json'), JSON.stringify({ connections: [], clients: [] }));
    const size = [...bundle.values()].reduce((sum, text) => sum + Buffer.byteLength(text), 0);
    const ours: number[] = [];
    const floor: number[] = [];
    for (let i = 0; i < starts; i++) {
      floor.push(await startTime(folder, 'empty.mjs'));
      ours.push(await startTime(folder, 'index.mjs'));
    }
    return [
      {
        ...{
          what: "size of the lookup's bundle, all its chunks, minified",
          floor: 'none',
          value: size / 1024,
          unit: 'KB',
        },
        ...{ target: 650, aim: 300 },
      },
      {
        what: 'start of the lookup, process to handler, median',
        floor: 'an empty function',
        value: median(ours) / median(floor),
        unit: 'ratio',
        target: 2.3,
        aim: 1.6,
        facts: { oursMs: median(ours), floorMs: median(floor) },
      },
    ];
  } finally {
    await rm(folder, { recursive: true });
  }
}

const environment = {
  AWS_REGION: 'us-east-1',
  EARSHOT_TABLE: 't',
  EARSHOT_BUCKET: 'b',
  EARSHOT_SIGNING_SECRET: 's',
  EARSHOT_SETTLE_MS: '10000',
  EARSHOT_READ_LOG: 'l',
};

async function startTime(folder: string, file: string): Promise<number> {
  const load = `${runtime}const {handler}=await import(${JSON.stringify(join(folder, file))});if(!handler)process.exit(1);process.exit(0)`;
  const begun = performance.now();
  await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', load], { env: environment });
  return performance.now() - begun;
}
