import type { StoredConversation } from './conversation.ts';
import { type Cause, readHistory } from './history.ts';

/** A record that changes for ever: what it comes to is written, but not every step of it. */

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** So many versions within a day are a busy conversation; more of them are no news any more. */
const mostVersionsADay = 20;
/** The time between versions behind that. */
const calmMs = hourMs;

/** What must not wait: a person asked for it, or a copy of ours is told of nowhere else. */
const mayWait: ReadonlySet<Cause | undefined> = new Set<Cause>(['poll', 'webhook', 'recheck', 'backfill']);

type Known = { conversation: StoredConversation; history: string };

/**
 * Until when the next version of a record must wait (milliseconds since 1970), because it had more than twenty in the last
 * 24 hours; null where it may be written now. One in which an artifact becomes ready or overdue, or whose record is gone or
 * back at its source, never waits: each of these happens once or seldom, and others wait for it.
 */
export function heldUntil(
  known: Known,
  next: StoredConversation,
  { cause, now }: { cause: Cause | undefined; now: number },
): number | null {
  if (known.conversation.version <= mostVersionsADay || !mayWait.has(cause)) return null;
  const versions = readHistory(known).map(({ at }) => Date.parse(at));
  const until = (versions.at(-1) ?? 0) + calmMs;
  if (until <= now || !isRestless(versions, now) || isAwaited(known.conversation, next)) return null;
  return until;
}

/** `versions`: when they were written, oldest first. Where fewer are known of, as long as they took must be less by as much. */
function isRestless(versions: readonly number[], now: number): boolean {
  const some = Math.min(versions.length, mostVersionsADay + 1);
  const first = versions[versions.length - some];
  return first !== undefined && some > 1 && now - first < (dayMs * some) / (mostVersionsADay + 1);
}

function isAwaited(before: StoredConversation, next: StoredConversation): boolean {
  if (before.source !== next.source) return true;
  return Object.entries(next.artifacts).some(
    ([kind, { state }]) => (state === 'ready' || state === 'overdue') && before.artifacts[kind]?.state !== state,
  );
}
