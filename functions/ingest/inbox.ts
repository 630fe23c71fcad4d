import type { Connection } from '#shared/domain/connections.ts';
import type { InboxJob } from '#shared/domain/delivery.ts';
import type { HintEnd } from '#shared/ingest/ingest-hint.ts';
import type { Connector, Session } from '#shared/providers/connector.ts';
import type { BudgetLane } from '#shared/storage/budget-share.ts';
import type { Store } from '#shared/storage/document-client.ts';
import type { NoteDrift } from '#shared/storage/drift.ts';

/** What deliveries are worked off with. */
export type Inbox = {
  store: Store;
  /** our clock, milliseconds since 1970 */
  now: () => number;
  /** at least 0, less than 1 */
  random: () => number;
  slowPutMs: number;
  /** Throws ConfigInvalid where there is no such connection any more. */
  accountOf: (connection: string) => { connection: Connection; connector: Connector };
  /** the way to the account, in that share of its budget */
  openSession: (connection: string, lane: BudgetLane) => Promise<Session>;
  /** puts the delivery into the queue again, to come after so many seconds (0 to 900) */
  sendAgain: (job: InboxJob, delaySeconds: number) => Promise<void>;
  /** tells of what no schema of ours knows: a poll, for which nothing is new then, may never see it */
  noteDrift: NoteDrift;
};

/** What became of a delivery; `givenUp`: an unsigned one that has waited for long enough. */
export type DeliveryEnd =
  | { end: 'known' | 'noHints' | 'givenUp' }
  | { end: 'done'; ends: readonly HintEnd[] }
  | { end: 'waits'; code: string; seconds: number };
