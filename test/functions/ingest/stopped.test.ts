import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { workDelivery } from '#functions/ingest/work-delivery.ts';
import type { InboxJob } from '#shared/domain/delivery.ts';
import { isDeliveryKnown } from '#shared/storage/deliveries.ts';
import type { Store } from '#shared/storage/document-client.ts';
import { getInboxObject, putInboxObject } from '#shared/storage/inbox-objects.ts';
import { openPolling, type Polling, record } from '#test/support/polling.ts';
import { openInboxTable } from './inbox-table.ts';

/** A worker that is stopped at every call to the store, before or after its effect, and one behind it that is not. */

let polling: Polling;
beforeAll(async () => {
  polling = await openPolling();
});
afterAll(() => polling.opened.close());

class Stopped extends Error {}

/** The same store, which stops its user at the n-th call. */
function stoppingAt(n: number, when: 'before' | 'after'): Store {
  const store = polling.opened.another();
  let calls = 0;
  for (const client of [store.documents, store.objects]) {
    // The clients' stacks differ in their input types only, which are not looked at.
    const { middlewareStack } = client as unknown as DynamoDBClient;
    middlewareStack.add(
      (next) => async (input) => {
        calls += 1;
        if (calls !== n) return next(input);
        if (when === 'after') await next(input);
        throw new Stopped();
      },
      { step: 'initialize' },
    );
  }
  return store;
}

it.each(['before', 'after'] as const)('loses nothing and writes nothing twice: stopped %s each call', async (when) => {
  const { store } = polling.opened;
  for (let n = 1, isStopped = true; isStopped; n++) {
    const table = openInboxTable(polling);
    table.records = [record(1)];
    // Of two conversations one is not there: its payload is kept.
    const { body, ...head } = table.delivery(['r1', 'r9'], { waits: 2 });
    const job: InboxJob = { ...head, object: await putInboxObject(store, head, body) };
    const first = workDelivery({ ...table.inbox, store: stoppingAt(n, when) }, job, () => undefined);
    isStopped = await first.then(
      () => false,
      (error) => error instanceof Stopped,
    );
    expect(await table.work(job)).toMatchObject({ end: expect.stringMatching(/done|known/) });
    expect(await table.version('r1')).toBe(1);
    expect(await table.kept()).toEqual(['r9']);
    expect(await isDeliveryKnown(store, job)).toBe(true);
    expect(await getInboxObject(store, 'object' in job ? job.object : '')).toBeNull();
    expect(n).toBeLessThan(20);
  }
});
