/* `npm start`: the guard first, since an old Node cannot read main.ts. */
import './require-node.mjs';

await import('./main.ts');
