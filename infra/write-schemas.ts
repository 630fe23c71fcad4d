import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { connectionsJsonSchema } from '#shared/domain/read-connections.ts';

/** `npm run schemas`: writes the connections file's JSON Schema for editors. A test fails while the file is stale. */
const file = resolve(import.meta.dirname, '../docs/connections.schema.json');
writeFileSync(file, `${JSON.stringify(connectionsJsonSchema(), null, 2)}\n`);
process.stdout.write('wrote docs/connections.schema.json\n');
