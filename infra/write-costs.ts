import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { costsPage } from './costs/page.ts';

/** `npm run costs`; a test fails while the page is stale. */
const path = 'docs/costs.md';
writeFileSync(resolve(import.meta.dirname, '..', path), costsPage().page);
process.stdout.write(`wrote ${path}\n`);
