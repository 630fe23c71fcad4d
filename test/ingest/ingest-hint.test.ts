import * as fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { RateLimited, RecordInvalid } from '#shared/domain/errors.ts';
import { readHistory } from '#shared/domain/history.ts';
import { identify } from '#shared/domain/identity.ts';
import { ingestHints } from '#shared/ingest/ingest-hint.ts';
import type { Answer, Stream } from '#shared/providers/connector.ts';
import { getRecord } from '#shared/storage/conversations.ts';
import { countQuarantined } from '#shared/storage/count-rows.ts';
import { openPolling, type Polling, record } from '#test/support/polling.ts';
import { epoch } from '#test/support/records.ts';
import type { Toy, ToyRecord } from '#test/support/toy-provider.ts';

let polling: Polling;
let runs = 0;
/** A connection of its own for each test. */
let id: string;
beforeAll(async () => {
  polling = await openPolling();
});
afterAll(() => polling.opened.close());
beforeEach(() => {
  id = `toy-${++runs}`;
  polling.clock = epoch;
});

const toy = (records: readonly ToyRecord[], more: Partial<Parameters<Polling['toy']>[0]> = {}): Toy =>
  polling.toy({ records: () => records, withDetail: true, batch: 2, connection: { id }, ...more });

async function hint(provider: Toy, ids: readonly string[], store = polling.opened.store) {
  const { connector, session } = provider;
  const run = { connector, session: await session(), store, now: () => polling.clock, slowPutMs: 5_000 };
  const ends = await ingestHints(
    { ...run, work: { key: ids, at: polling.clock } },
    ids.map((externalId) => ({ externalId, startedAt: null })),
  );
  return ends.map(({ became }) => became);
}

const known = async (externalId: string) => getRecord(polling.opened.store, identify('talkdesk', id, externalId).uuid);
const title = async (externalId: string) => (await known(externalId))?.record.conversation.title;

/** The toy with other answers to what is hinted at. */
const answering = (provider: Toy, fetch: Stream['hinted']['fetch']): Toy => ({
  ...provider,
  connector: { ...provider.connector, streams: [{ ...provider.stream, hinted: { most: 2, fetch } }] },
});

it('stores whole records in the batches of the provider, for the reason that a webhook came', async () => {
  const provider = toy([record(1), record(2), record(3)]);
  expect(await hint(provider, ['r1', 'nobody', 'r3'])).toEqual(['discovered', 'notThere', 'discovered']);
  expect(provider.asked).toEqual(['hinted r1,nobody', 'hinted r3']);
  const stored = await known('r1');
  expect(stored?.record.transcript?.text).toBe('hi');
  const versions = stored && readHistory({ conversation: stored.record.conversation, history: stored.history });
  expect(versions?.map(({ version, cause }) => [version, cause])).toEqual([[1, 'webhook']]);
});

it('takes no stamp for a word that nothing has changed', async () => {
  const stamp = '2026-03-02T08:00:00Z';
  await hint(toy([record(1, { stamp })]), ['r1']);
  polling.clock += 1_000;
  expect(await hint(toy([record(1, { stamp, title: 'renamed' })]), ['r1'])).toEqual(['updated']);
  expect(await title('r1')).toBe('renamed');
});

it('fills in what was overdue', async () => {
  const { transcript: _, ...late } = record(1);
  const expecting = { connection: { id, recheck: ['1ms'] } };
  await polling.poll(toy([late], expecting));
  polling.clock += 60_000;
  await polling.poll(toy([late], expecting));
  expect((await known('r1'))?.record.conversation.artifacts['transcript']).toMatchObject({ state: 'overdue' });
  expect(await hint(toy([record(1)]), ['r1'])).toEqual(['updated']);
  expect((await known('r1'))?.record.conversation.artifacts['transcript']).toMatchObject({ state: 'ready' });
});

describe('what is not understood', () => {
  it('is quarantined as it came under the name of its stream, and takes no other along', async () => {
    const provider = toy([record(1, { broken: true }), record(2)]);
    expect(await hint(provider, ['r1', 'r2'])).toEqual(['quarantined', 'discovered']);
    expect((await countQuarantined(polling.opened.store, id)).count).toBe(1);
    expect(await hint(toy([record(1)]), ['r1'])).toEqual(['discovered']);
  });

  it('is asked for alone where a whole batch is not', async () => {
    const good = toy([record(1), record(2)]);
    const { fetch } = good.stream.hinted;
    const provider = answering(good, async (session, hints) => {
      if (hints.some(({ externalId }) => externalId === 'r2')) throw new RecordInvalid(['sentences: without end']);
      return fetch(session, hints);
    });
    expect(await hint(provider, ['r1', 'r2'])).toEqual(['discovered', 'quarantined']);
  });
});

it('lets go up what says nothing of a record, and goes on where it was stopped', async () => {
  let isSpent = true;
  const fault = (asking: string): void => {
    if (isSpent && asking.endsWith('r3')) throw new RateLimited('spent', 7_000);
  };
  const provider = toy([record(1), record(2), record(3)], { fault });
  await expect(hint(provider, ['r1', 'r2', 'r3'])).rejects.toThrow(RateLimited);
  isSpent = false;
  expect(await hint(provider, ['r1', 'r2', 'r3'])).toEqual(['unchanged', 'unchanged', 'discovered']);
});

describe('order', () => {
  /** An answer by what it is of: the provider's stamp, where it gives one, and when it was asked for. */
  const answerOf = (n: number, hasStamp: boolean): Answer => {
    const stamp = hasStamp ? { stamp: new Date(epoch + n * 1_000).toISOString() } : {};
    const listed = record(1, { title: `title of ${n}`, ...stamp });
    // By stamps, those asked for later know less: a replica that lags.
    return { listed, detail: { transcript: 'hi' }, sentAt: epoch + (hasStamp ? -n : n) };
  };

  it('an older answer never replaces a newer one, in any order of arrival', async () => {
    const orders = fc.record({
      order: fc.shuffledSubarray([1, 2, 3, 4], { minLength: 4 }),
      hasStamp: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(orders, async ({ order, hasStamp }) => {
        id = `toy-${++runs}`;
        for (const n of order) {
          await hint(
            answering(toy([]), async () => [answerOf(n, hasStamp)]),
            ['r1'],
          );
          polling.clock += 1;
        }
        expect(await title('r1')).toBe('title of 4');
      }),
      { numRuns: 20 },
    );
  });

  it('two hints at once, and a poll between, make one version of one content', async () => {
    const other = polling.opened.another();
    const provider = toy([record(1)]);
    const [first, second] = await Promise.all([
      hint(provider, ['r1']),
      hint(toy([record(1)]), ['r1'], other),
      polling.poll(toy([record(1)]), polling.opened.another()),
    ]);
    expect([first, second].flat().every((became) => became === 'discovered' || became === 'unchanged')).toBe(true);
    expect((await known('r1'))?.record.conversation.version).toBe(1);
  });
});
