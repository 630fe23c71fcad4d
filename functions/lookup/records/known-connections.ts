import type { ConnectionsFile } from '#shared/domain/connections.ts';
import { countConversations, countQuarantined, type RowCount } from '#shared/storage/count-rows.ts';
import type { Store } from '#shared/storage/document-client.ts';
import { listStreams, type StreamState } from '#shared/storage/streams.ts';
import { remember } from './remember.ts';

/** The configured connections and those that ran once and were removed since: their conversations stay readable. */
export type KnownConnections = {
  ids: () => Promise<readonly string[]>;
  streams: () => Promise<readonly StreamState[]>;
  stored: (connection: string) => Promise<RowCount>;
  quarantined: (connection: string) => Promise<RowCount>;
};

const streamsLifeMs = 2_000;
const countLifeMs = 2_000;

/** Keeps what it read for a short while. A count lives the longer the more it cost: 2 s a query. */
export function knownConnections(file: ConnectionsFile, store: Store, now: () => number): KnownConnections {
  const all = remember(
    now,
    () => listStreams(store),
    () => streamsLifeMs,
  );
  const countLife = ({ queries }: RowCount) => queries * countLifeMs;
  const streams = () => all('streams');
  return {
    streams,
    ids: async () => {
      const seen = (await streams()).map(({ connection }) => connection);
      return [...new Set([...file.connections.map(({ id }) => id), ...seen])];
    },
    stored: remember(now, (id) => countConversations(store, id), countLife),
    quarantined: remember(now, (id) => countQuarantined(store, id), countLife),
  };
}
