import type { DatabaseSync } from 'node:sqlite';
import type { MessageStore } from './message-store.ts';
import type { WaitingReceivers } from './waiting-receivers.ts';

/** What every operation of the embedded SQS works with. `now` is in milliseconds. */
export type SqsContext = {
  database: DatabaseSync;
  messages: MessageStore;
  waiting: WaitingReceivers;
  /** fires when the server stops: nobody waits any longer */
  closing: AbortSignal;
  now: () => number;
};
