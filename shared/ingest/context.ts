import type { ArtifactKind } from '#shared/domain/artifact.ts';
import { durationMs } from '#shared/domain/duration.ts';
import type { Connector, Session, Stream } from '#shared/providers/connector.ts';
import type { Store } from '#shared/storage/document-client.ts';

/** All that ingesting one connection's stream needs: where from, where to, and the clock. */
export type IngestContext = {
  connector: Connector;
  stream: Stream;
  session: Session;
  store: Store;
  /** our clock, milliseconds since 1970 */
  now: () => number;
  /**
   * Half of the time that lists by `updatedAt` stay behind now. A put that took longer may have become visible behind a
   * reader's back, so its stamp is renewed.
   */
  slowPutMs: number;
  /** runs have failed before: a record whose details the provider keeps failing is quarantined */
  lastResort: boolean;
  /** called between records, so that a long page does not outlive its lease */
  keepLease: () => Promise<void>;
};

/** The artifact kinds that this account delivers: `expect`, else all that its provider promises, media as `media` allows. */
export function expectedArtifacts({
  connector,
  session,
}: Pick<IngestContext, 'connector' | 'session'>): ArtifactKind[] {
  const { expect, media } = session.connection;
  const kinds = expect ?? connector.promised;
  return kinds.filter(
    (kind) =>
      !kind.startsWith('media:') || media === true || (media !== false && media.includes(kind.slice('media:'.length))),
  );
}

/** Offsets from the first sight at which open artifacts are asked for again: `recheck`, then daily for a week. */
export function recheckOffsets(recheck: readonly string[]): { offsetsMs: number[]; lastMs: number } {
  const offsets = recheck.map(durationMs);
  const lastMs = offsets.at(-1) ?? 0;
  const dayMs = 86_400_000;
  return { offsetsMs: [...offsets, ...Array.from({ length: 7 }, (_, day) => lastMs + (day + 1) * dayMs)], lastMs };
}
