import type { Clock } from '#shared/http/clock.ts';
import type { Connector } from '#shared/providers/connector.ts';
import type { Store } from '#shared/storage/document-client.ts';
import type { MediaQueue } from '#shared/storage/media-queue.ts';
import type { Message } from './clients.ts';
import type { CrashWorld } from './world.ts';

/** What the functions of one case work with. */
export type Deployed = {
  world: CrashWorld;
  connector: Connector;
  store: Store;
  clock: Clock;
  messages: Message[];
  queue: MediaQueue;
  /** ends a copy's time; set while one is under way */
  endTime: () => void;
};
