import type { InboxJob } from '#shared/domain/delivery.ts';
import type { MediaJob } from '#shared/domain/media-job.ts';
import type { OperationJob } from '#shared/domain/operation.ts';
import type { Clock } from '#shared/http/clock.ts';
import type { Connector } from '#shared/providers/connector.ts';
import type { Store } from '#shared/storage/document-client.ts';
import type { Told, Waiting } from './clients.ts';
import type { CrashWorld } from './world.ts';

/** What the functions of one case work with. */
export type Deployed = {
  world: CrashWorld;
  connector: Connector;
  store: Store;
  clock: Clock;
  told: Told;
  copies: Waiting<MediaJob>;
  inbox: Waiting<InboxJob>;
  operations: Waiting<OperationJob>;
  /** ends a copy's time; set while one is under way */
  endTime: () => void;
};
