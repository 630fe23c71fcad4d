import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { pollConnection } from '#functions/poll/poll-connection.ts';
import { ProviderUnavailable } from '#shared/domain/errors.ts';
import { identify } from '#shared/domain/identity.ts';
import { logged } from '#shared/facts/logged.ts';
import { captureLog } from '#test/support/captured-log.ts';
import { minute, openPolling, type Polling, record } from '#test/support/polling.ts';
import { epoch } from '#test/support/records.ts';
import { putRestless } from '#test/support/restless-record.ts';
import type { Toy } from '#test/support/toy-provider.ts';

// The logger reads its level when it is imported.
vi.hoisted(() => vi.stubEnv('POWERTOOLS_LOG_LEVEL', 'INFO'));

let polling: Polling;
const log = captureLog();

beforeEach(async () => {
  polling = await openPolling();
});
afterEach(async () => {
  await polling.opened.close();
});

const poll = (toy: Toy) =>
  pollConnection({
    connection: toy.connection,
    connector: toy.connector,
    openSession: toy.session,
    store: polling.opened.store,
    now: () => polling.clock,
    deadline: polling.clock + 10 * minute,
    slowPutMs: 5_000,
    requestCopies: async () => undefined,
  });

describe('a run over a connection', () => {
  const { transcript: _, ...silent } = record(1);
  const connection = { recheck: ['1m', '5m'] };

  it('says in one line a stream what it did, as JSON that a metric can be made of', async () => {
    await poll(polling.toy({ records: () => [silent, record(2)], connection }));
    expect(log.lines()).toEqual([
      expect.objectContaining({
        message: 'polled',
        [logged.connection]: 'toy',
        stream: 'records',
        stopped: 'done',
        discoveredCount: 2,
        [logged.overdue]: 0,
      }),
    ]);
  });

  it('counts the artifacts that became overdue once, also where the run then fails over its history', async () => {
    const toy = polling.toy({
      records: () => [silent],
      connection: { ...connection, backfill: '14d' },
      fault: (asking) => {
        const [what, from] = asking.split(' ');
        if (what === 'list' && Number(from) < epoch - 86_400_000) throw new ProviderUnavailable('down', 503);
      },
    });
    for (const minutes of [0, 6, 12]) {
      polling.clock = epoch + minutes * minute;
      await poll(toy);
    }
    expect(log.lines().map((line) => [line['message'], line['code'], line[logged.overdue]])).toEqual([
      ['poll failed', 'ProviderUnavailable', 0],
      ['poll failed', 'ProviderUnavailable', 1],
      ['poll failed', 'ProviderUnavailable', 0],
    ]);
  });

  it('names a conversation that changes for ever, in a line of its own', async () => {
    const toy = polling.toy({ records: () => [record(1)] });
    await putRestless(polling.opened.store, toy, record(1));
    await poll(toy);
    const { uuid } = identify('talkdesk', 'toy', 'r1');
    expect(log.lines()).toEqual([
      expect.objectContaining({ [logged.connection]: 'toy', conversations: uuid, [logged.restless]: 1 }),
      expect.objectContaining({ message: 'polled', unchangedCount: 1 }),
    ]);
  });
});
