import type { Lane } from '#shared/domain/checkpoint.ts';
import { readPage } from '#shared/ingest/read-window.ts';
import { peakRssMb } from './peak-rss.ts';
import { talkdeskContext, talkdeskWindow } from './talkdesk-context.ts';

/** Reads one window of the provider at the address given as argument to its end and prints what memory that took. */
const context = await talkdeskContext(process.argv[2] ?? '');
const seen = new Set<string>();
let lane: Lane = { watermark: 0, resume: { ...talkdeskWindow, cursor: null, pages: 0, servedAt: null } };
let records = 0;
while (lane.resume) {
  const outcome = await readPage(context, lane, lane.resume, seen);
  records += outcome.counts.discovered;
  lane = outcome.lane;
}
globalThis.gc?.();
process.stdout.write(
  JSON.stringify({ records, peakRssMb: peakRssMb(), heapMb: process.memoryUsage().heapUsed / 1_048_576 }),
);
process.exit(0);
