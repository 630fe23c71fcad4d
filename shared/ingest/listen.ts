import {
  enoughInAWeek,
  isRecent,
  isTimeToListen,
  mayHaveHadSome,
  type Silence,
  sameHoursBefore,
  shouldHaveHadSome,
} from '#shared/domain/silence.ts';
import type { Store } from '#shared/storage/document-client.ts';
import { countStarts, newestStart } from '#shared/storage/start-counts.ts';

/**
 * What the index says of a connection's silence behind a run that has read all there was; `known` where it was looked at a
 * short while ago. While conversations come this reads one row an hour.
 */
export async function listen(
  store: Store,
  connection: string,
  known: Silence | null,
  { discovered, now }: { discovered: boolean; now: number },
): Promise<Silence | null> {
  if (!isTimeToListen(known, discovered, now)) return known;
  const newest = await newestStart(store, connection, now);
  if (newest === null || isRecent(newest, now)) return { checkedAt: now, since: null };
  const before: number[] = [];
  for (const window of sameHoursBefore(now)) {
    if (!mayHaveHadSome(before)) break;
    before.push(await countStarts(store, connection, window, enoughInAWeek));
  }
  return { checkedAt: now, since: shouldHaveHadSome(before) ? newest : null };
}
