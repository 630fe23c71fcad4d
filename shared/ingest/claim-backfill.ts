import type { Window } from '#shared/domain/checkpoint.ts';
import type { Operation } from '#shared/domain/operation.ts';
import {
  type BackfillPlace,
  backfillPlaceSchema,
  backfillSpan,
  firstPlace,
} from '#shared/domain/operation-backfill.ts';
import { claimOperation, type OperationLease, releaseOperation } from '#shared/storage/operation-lease.ts';
import { endWaiting, listWaiting } from '#shared/storage/waiting-operations.ts';
import type { IngestContext } from './context.ts';
import { leaseMs } from './lease.ts';

/** A backfill that this run may go on with. */
export type ClaimedBackfill = { lease: OperationLease; span: Window; place: BackfillPlace; streams: readonly string[] };

const kind = 'backfills';

/**
 * The oldest backfill of the connection that is open, if it is this stream's turn in it and no other run has it: of two
 * spans the second begins behind the end of the first. `holder` names the run.
 */
export async function claimBackfill(
  { store, session, connector, stream, now }: IngestContext,
  holder: string,
): Promise<ClaimedBackfill | null> {
  const connection = session.connection.id;
  for (const row of await listWaiting(store, connection, kind)) {
    const lease = { kind, id: row.id, holder } as const;
    const claimed = await claimOperation(store, lease, now(), leaseMs);
    if (claimed === 'held') return null;
    if (claimed === 'ended') {
      await endWaiting(store, connection, { kind, ...row }, now());
      continue;
    }
    const streams = connector.streams.map(({ name }) => name);
    const span = spanOf(claimed.operation);
    const place = placeOf(claimed.place, streams, span);
    if (place.stream === stream.name) return { lease, span, place, streams };
    await releaseOperation(store, lease);
    return null;
  }
  return null;
}

function spanOf({ request }: Operation): Window {
  const { from, to } = backfillSpan.parse(request);
  return { from: Date.parse(from), to: Date.parse(to) };
}

/** Begins anew in a stream that the connector does not have any more. */
function placeOf(saved: unknown, streams: readonly string[], span: Window): BackfillPlace {
  const place = saved === null ? null : backfillPlaceSchema.parse(saved);
  return place && streams.includes(place.stream) ? place : firstPlace(streams[0] ?? '', span);
}
