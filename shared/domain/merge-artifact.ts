import type { ArtifactFinding, StoredArtifact } from './artifact.ts';

/** How sure a state is: an answer moves an artifact only to a state at least as sure, whoever comes first. */
const rank = { pending: 0, overdue: 1, absent: 2, expired: 2, failed: 2, ready: 3 } as const;

/**
 * The state of one artifact after an answer. `ready` never goes back; "not ready yet" never undoes "there is none";
 * among equals the newer answer holds. `at` is kept while the state stands, and undefined for a new one.
 */
export function mergeArtifact(
  current: StoredArtifact | null,
  seen: ArtifactFinding | null,
  newer: boolean,
): Omit<StoredArtifact, 'at'> & { at?: string } {
  if (!current) return seen ? finding(seen) : { state: 'pending' };
  if (!seen || rank[seen.state] < rank[current.state]) return current;
  if (rank[seen.state] === rank[current.state] && !newer) return current;
  return seen.state === current.state ? { ...finding(seen), at: current.at } : finding(seen);
}

const finding = ({ state, reason }: ArtifactFinding): Omit<StoredArtifact, 'at'> =>
  reason === undefined ? { state } : { state, reason };
