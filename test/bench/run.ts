import { writeFile } from 'node:fs/promises';
import { auditRows } from './audit-rows.ts';
import { backfillTime } from './backfill-time.ts';
import { costRows } from './cost-rows.ts';
import { hookRows } from './hook-rows.ts';
import { ledgerUnits } from './ledger-units.ts';
import { lookupRows } from './lookup-rows.ts';
import { lookupStart } from './lookup-start.ts';
import { mediaFetched } from './media-fetched.ts';
import { mediaMemory } from './media-memory.ts';
import { memory } from './memory.ts';
import { pollRequests } from './poll-requests.ts';
import { recheckUnits } from './recheck-units.ts';
import { recordCpu } from './record-cpu.ts';
import { requestCost } from './request-cost.ts';
import type { Row } from './row.ts';
import { storeCall } from './store-call.ts';
import { storm } from './storm-rows.ts';
import { unitRows } from './unit-rows.ts';

/** `npm run bench`: a table of ours over the floor, and the same as JSON in bench-results.json. */
const parts = {
  recordCpu,
  storeCall,
  requestCost,
  pollRequests,
  backfillTime,
  unitRows,
  costRows,
  recheckUnits,
  memory,
  mediaMemory,
  mediaFetched,
  lookupRows,
  lookupStart,
  auditRows,
  ledgerUnits,
  hookRows,
  storm,
};
const wanted = process.argv.slice(2);
const rows: Row[] = [];
for (const [name, part] of Object.entries(parts)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  process.stderr.write(`${name} …\n`);
  rows.push(...(await part()));
}

const text = (value: number): string => (Number.isInteger(value) ? String(value) : value.toPrecision(3));
const table = rows.map((row) => ({
  what: row.what,
  floor: row.floor,
  ours: `${text(row.value)} ${row.unit}`,
  target: `≤ ${text(row.target)}${row.aim === undefined ? '' : ` (aim ${text(row.aim)})`}`,
  spread: row.rounds ? `${text(Math.min(...row.rounds))}–${text(Math.max(...row.rounds))}` : '',
  met: row.value <= row.target ? 'yes' : 'NO',
}));
console.table(table);
await writeFile('bench-results.json', `${JSON.stringify({ node: process.version, rows }, null, 2)}\n`);
const missed = rows.filter(({ value, target }) => !(value <= target));
console.log(`${rows.length - missed.length} of ${rows.length} targets met; rows in bench-results.json`);
process.exit(missed.length === 0 ? 0 : 1);
