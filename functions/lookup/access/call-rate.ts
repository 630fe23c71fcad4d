import { addCalls } from '#shared/storage/call-counts.ts';
import type { Store } from '#shared/storage/document-client.ts';
import { tooManyRequests } from '../http/problem.ts';
import type { Caller } from './clients.ts';

const minuteMs = 60_000;
/** Parts of a limit after which an instance tells the others how many calls it let through. */
const partsOfLimit = 20;

/** `told` is what all instances have told for sure of this minute, this one included. */
type Count = { minute: number; told: number; untold: number };

/** Counts a call of a client before it is answered. Throws a 429 where its minute is used up. */
export type CountCall = (caller: Pick<Caller, 'id' | 'perMinute'>) => Promise<void>;

/**
 * Counts in memory and adds to the count of all instances in parts of a twentieth, so that few calls cost a write. One
 * instance is exact; each further one may let through less than a part that the others do not know of.
 */
export function callRate(store: Store, now: () => number): CountCall {
  const counts = new Map<string, Count>();
  return async ({ id, perMinute }) => {
    const at = now();
    const refused = () => tooManyRequests(Math.ceil((minuteMs - (at % minuteMs)) / 1_000));
    const count = countOf(counts, id, Math.floor(at / minuteMs));
    if (count.told + count.untold >= perMinute) throw refused();
    count.untold += 1;
    const isPart = count.untold >= Math.ceil(perMinute / partsOfLimit);
    if (!isPart && count.told + count.untold < perMinute) return;
    const { minute, untold } = count;
    // At once, so that no other call of this instance tells of the same again.
    count.told += untold;
    count.untold = 0;
    const total = await addCalls(store, id, minute, untold);
    count.told = Math.max(count.told, total);
    if (total > perMinute) throw refused();
  };
}

function countOf(counts: Map<string, Count>, id: string, minute: number): Count {
  const known = counts.get(id);
  if (known?.minute === minute) return known;
  const fresh = { minute, told: 0, untold: 0 };
  counts.set(id, fresh);
  return fresh;
}
