import type { StoredRecord } from '#shared/domain/conversation.ts';
import { identify } from '#shared/domain/identity.ts';
import type { MediaJob } from '#shared/domain/media-job.ts';
import { pollStream, type RunSummary } from '#shared/ingest/poll-stream.ts';
import { getRecord } from '#shared/storage/conversations.ts';
import type { Store } from '#shared/storage/document-client.ts';
import { listStreams, type StreamState } from '#shared/storage/streams.ts';
import { epoch } from './records.ts';
import { type TestStore, testStore } from './store.ts';
import { type Toy, type ToyOptions, type ToyRecord, toyProvider } from './toy-provider.ts';

export const minute = 60_000;

/** A store, a clock to be set, and runs of the engine over toy providers. */
export type Polling = {
  opened: TestStore;
  /** copies that were asked for */
  copies: MediaJob[];
  clock: number;
  toy: (options: Partial<ToyOptions> & { records: () => readonly ToyRecord[] }) => Toy;
  poll: (provider: Toy, store?: Store) => Promise<RunSummary>;
  stored: (id: string) => Promise<StoredRecord | null>;
  health: () => Promise<StreamState | undefined>;
};

export async function openPolling(): Promise<Polling> {
  const opened = await testStore();
  const polling: Polling = {
    opened,
    copies: [],
    clock: epoch,
    toy: (options) => toyProvider({ now: () => polling.clock, ...options }),
    poll: (provider, store = opened.store) =>
      pollStream({
        ...provider,
        openSession: provider.session,
        store,
        now: () => polling.clock,
        deadline: polling.clock + 10 * minute,
        slowPutMs: 5_000,
        requestCopies: async (jobs) => void polling.copies.push(...jobs),
      }),
    stored: async (id) => (await getRecord(opened.store, identify('talkdesk', 'toy', id).uuid))?.record ?? null,
    health: async () => (await listStreams(opened.store))[0],
  };
  return polling;
}

/** The n-th record: listed n seconds before the epoch. */
export const record = (n: number, more: Partial<ToyRecord> = {}): ToyRecord => ({
  id: `r${n}`,
  at: epoch - n * 1_000,
  title: `title ${n}`,
  transcript: 'hi',
  ...more,
});
