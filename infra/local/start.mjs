/* `npm start`: the guard first, since an old Node cannot read main.ts. */
import './require-node.mjs';
import module from 'node:module';
import { join } from 'node:path';

// What is compiled stays for the next start. Where it cannot be kept, each start compiles anew.
module.enableCompileCache(join(import.meta.dirname, '../../node_modules/.cache/earshot'));

await import('./main.ts');
