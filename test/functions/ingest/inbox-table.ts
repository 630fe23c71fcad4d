import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { DeliveryEnd, Inbox } from '#functions/ingest/inbox.ts';
import { workDelivery } from '#functions/ingest/work-delivery.ts';
import type { Hint, InboxJob } from '#shared/domain/delivery.ts';
import { ConfigInvalid } from '#shared/domain/errors.ts';
import { identify } from '#shared/domain/identity.ts';
import type { BudgetLane } from '#shared/storage/budget-share.ts';
import { getRecord } from '#shared/storage/conversations.ts';
import { quarantinePartition } from '#shared/storage/quarantine-key.ts';
import type { Polling } from '#test/support/polling.ts';
import type { Toy, ToyOptions, ToyRecord } from '#test/support/toy-provider.ts';

/** Deliveries to a toy provider's account, worked off over the embedded table and bucket. */
export type InboxTable = {
  polling: Polling;
  /** what the provider has */
  records: ToyRecord[];
  /** thrown by whatever the provider is asked; none: it answers */
  fault: Error | null;
  toy: Toy;
  inbox: Inbox;
  /** what was sent again, with its delay (seconds) */
  sent: [InboxJob, number][];
  /** in which share of the budget it was asked */
  lanes: BudgetLane[];
  /** field paths that were told of as new */
  drift: string[];
  /** a delivery about these conversations */
  delivery: (ids: readonly string[], more?: Partial<InboxJob>) => InboxJob & { body: string };
  work: (job: InboxJob) => Promise<DeliveryEnd>;
  version: (id: string) => Promise<number | null>;
  /** what is quarantined of payloads, by external id */
  kept: () => Promise<string[]>;
};

let accounts = 0;

/** A fresh account over the table of `polling`. `early`: what is pushed tells of conversations that go on. */
export function openInboxTable(
  polling: Polling,
  { early = false, ...options }: Partial<ToyOptions> & { early?: boolean } = {},
): InboxTable {
  const id = `inbox-${++accounts}`;
  const connection = { ...options.connection, id };
  const fault = (): void => {
    if (table.fault) throw table.fault;
  };
  const toy = polling.toy({ ...options, connection, records: () => table.records, fault });
  const { store } = polling.opened;
  const connector = early ? withEarlyHints(toy) : toy.connector;
  const table: InboxTable = {
    ...{ polling, toy, records: [], fault: null, sent: [], drift: [], lanes: [] },
    inbox: {
      ...{ store, now: () => polling.clock, random: () => 0, slowPutMs: 5_000 },
      accountOf: (asked) => {
        if (asked !== id) throw new ConfigInvalid([`connection ${asked} is not there`]);
        return { connection: toy.connection, connector };
      },
      openSession: async (_connection, lane) => {
        table.lanes.push(lane);
        return toy.session();
      },
      sendAgain: async (job, delay) => void table.sent.push([job, delay]),
      noteDrift: async (_connection, paths) => void table.drift.push(...paths),
    },
    delivery: (ids, more = {}) => ({
      ...{ connection: id, key: `key-of-${ids.join('-')}`, event: null, isSigned: true, waits: 0 },
      receivedAt: polling.clock,
      body: JSON.stringify({ ids }),
      ...more,
    }),
    work: (job) => workDelivery(table.inbox, job, () => undefined),
    version: async (externalId) => {
      const found = await getRecord(store, identify('talkdesk', id, externalId).uuid);
      return found?.record.conversation.version ?? null;
    },
    kept: async () => {
      const { Items = [] } = await store.documents.send(
        new QueryCommand({
          TableName: store.table,
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: { ':pk': quarantinePartition(id) },
        }),
      );
      return Items.flatMap(({ stream, externalId }) => (stream === 'webhook' ? [String(externalId)] : []));
    },
  };
  return table;
}

function withEarlyHints({ connector }: Toy): Toy['connector'] {
  const { hints } = connector.webhook;
  const early = (hint: Hint): Hint => ({ ...hint, isEarly: true });
  return { ...connector, webhook: { hints: (delivery) => hints(delivery).map(early) } };
}
