import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { workMessage } from '#functions/ingest/work-message.ts';
import { RequestRejected } from '#shared/domain/errors.ts';
import { captureLog } from '#test/support/captured-log.ts';
import { openPolling, type Polling, record } from '#test/support/polling.ts';
import { type InboxTable, openInboxTable } from './inbox-table.ts';

// The logger reads its level when it is imported.
vi.hoisted(() => vi.stubEnv('POWERTOOLS_LOG_LEVEL', 'INFO'));

let polling: Polling;
let table: InboxTable;
const log = captureLog();
beforeAll(async () => {
  polling = await openPolling();
});
afterAll(() => polling.opened.close());
beforeEach(() => {
  table = openInboxTable(polling);
});

const receive = (body: string, receipts = 1): Promise<boolean> => {
  const attributes = { ApproximateReceiveCount: String(receipts) };
  return workMessage(table.inbox, { body, attributes: attributes as never });
};

it('says what came of a delivery in one line', async () => {
  table.records = [record(1)];
  const job = table.delivery(['r1']);
  expect(await receive(JSON.stringify(job))).toBe(true);
  expect(log.lines()).toMatchObject([
    { message: 'delivery worked off', connection: job.connection, stopped: 'done', hintCount: 1, discoveredCount: 1 },
  ]);
  expect(log.text()).not.toContain('title');
});

it('names conversation and fault of one that becomes a dead letter', async () => {
  const job = table.delivery(['r1', 'a b']);
  table.fault = new RequestRejected('GET /x: 400', 400);
  expect([await receive(JSON.stringify(job), 4), await receive(JSON.stringify(job), 5)]).toEqual([false, false]);
  expect(log.lines()).toMatchObject([
    { message: 'delivery failed', code: 'RequestRejected' },
    {
      message: 'delivery is a dead letter',
      connection: job.connection,
      conversations: `${job.connection}:r1 ${job.connection}:a%20b`,
      code: 'RequestRejected',
    },
  ]);
});

it.each(['', 'no JSON', '{}', '{"connection":"x","key":"k"}'])('fails with the message %j', async (body) => {
  expect(await receive(body)).toBe(false);
  expect(log.lines()).toMatchObject([{ message: 'delivery failed' }]);
});
