/* The thread of a function: what Node must translate before it can run, it translates once and not in each thread. */
import module from 'node:module';
import { join } from 'node:path';
import { workerData } from 'node:worker_threads';

// Beside the bundle, so that a new synthesis takes it away with the old one.
module.enableCompileCache(join(workerData.folder, '.compiled'));

await import('./worker.ts');
