import { durationMs } from '#shared/domain/duration.ts';
import type { MediaJob } from '#shared/domain/media-job.ts';
import type { Connector, Session, Stream } from '#shared/providers/connector.ts';
import type { WriteContext } from './write-version.ts';

/** All that ingesting one connection's stream needs: where from, where to, and the clock. */
export type IngestContext = WriteContext & {
  connector: Connector;
  stream: Stream;
  session: Session;
  /** runs have failed before: a record whose details the provider keeps failing is quarantined */
  lastResort: boolean;
  /** whether what is open of a record is asked for again though the list says nothing new; absent: never */
  asksAgain?: () => boolean;
  /** called between records, so that a long page does not outlive its lease */
  keepLease: () => Promise<void>;
  /** asks for copies of files whose time has come; each may be asked for more than once */
  requestCopies: (jobs: readonly MediaJob[]) => Promise<void>;
};

/** Offsets from the first sight at which open artifacts are asked for again: `recheck`, then daily for a week. */
export function recheckOffsets(recheck: readonly string[]): { offsetsMs: number[]; lastMs: number } {
  const offsets = recheck.map(durationMs);
  const lastMs = offsets.at(-1) ?? 0;
  const dayMs = 86_400_000;
  return { offsetsMs: [...offsets, ...Array.from({ length: 7 }, (_, day) => lastMs + (day + 1) * dayMs)], lastMs };
}
