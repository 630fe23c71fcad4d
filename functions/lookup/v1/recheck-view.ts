import type { StoredArtifact } from '#shared/domain/artifact.ts';
import type { Connection } from '#shared/domain/connections.ts';
import { connectionSchema } from '#shared/domain/connections.ts';
import { durationMs } from '#shared/domain/duration.ts';
import { formatInstant } from '#shared/domain/instant.ts';

const dayMs = 86_400_000;
/** An overdue artifact is asked for once a day for so many days. */
const overdueDays = 7;

/** A connection that is gone had offsets we no longer know: the defaults are the best guess. */
const defaultRecheck = connectionSchema.shape.recheck.parse(undefined);

/** Offsets in milliseconds from the moment the conversation was first seen, ascending, at which it is asked for again. */
export function checkOffsets(connection: Connection | undefined): readonly number[] {
  const offsets = (connection?.recheck ?? defaultRecheck).map(durationMs);
  const last = offsets.at(-1) ?? 0;
  return [...offsets, ...Array.from({ length: overdueDays }, (_, day) => last + (day + 1) * dayMs)];
}

/** Whether it was asked for again, how often, and when next: follows from the clock, so a fruitless check writes nothing. */
export function recheckView(artifact: StoredArtifact, firstSeenAt: string, offsets: readonly number[], now: number) {
  if (artifact.state !== 'pending' && artifact.state !== 'overdue') return artifact;
  const origin = Date.parse(firstSeenAt);
  const attempts = offsets.filter((offset) => origin + offset <= now).length;
  const next = offsets[attempts];
  return { ...artifact, attempts, nextCheckAt: next === undefined ? null : formatInstant(origin + next) };
}
