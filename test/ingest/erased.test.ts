import { afterEach, beforeEach, expect, it } from 'vitest';
import { RecordInvalid } from '#shared/domain/errors.ts';
import { identify } from '#shared/domain/identity.ts';
import { ingestHints } from '#shared/ingest/ingest-hint.ts';
import type { Stream } from '#shared/providers/connector.ts';
import { getKnown } from '#shared/storage/conversations.ts';
import { countQuarantined } from '#shared/storage/count-rows.ts';
import { eraseRecord } from '#test/support/erase.ts';
import { minute, openPolling, type Polling, record } from '#test/support/polling.ts';

let polling: Polling;
beforeEach(async () => {
  polling = await openPolling();
});
afterEach(() => polling.opened.close());

const uuidOf = (id: string): string => identify('talkdesk', 'toy', id).uuid;
const isGone = async (id: string) => 'end' in ((await getKnown(polling.opened.store, uuidOf(id))) ?? {});

it('is neither asked for nor brought back by a poll, also where it changed, while others are stored', async () => {
  let records = [record(1), record(2)];
  const provider = polling.toy({ records: () => records, withDetail: true });
  await polling.poll(provider);
  await eraseRecord(polling.opened.store, uuidOf('r1'));
  records = [record(1, { title: 'changed' }), record(2), record(3)];
  provider.asked.length = 0;
  polling.clock += minute;
  expect((await polling.poll(provider)).counts).toMatchObject({ discovered: 1, updated: 0, erased: 1, quarantined: 0 });
  expect(provider.asked.filter((asked) => asked.includes('r1'))).toEqual([]);
  expect(await isGone('r1')).toBe(true);
});

/** The stream whose first record is erased while its details are on their way. */
const erasing = (stream: Stream): Stream => ({
  ...stream,
  details: {
    most: 1,
    fetch: async (session, listed) => {
      await eraseRecord(polling.opened.store, uuidOf('r1'));
      return stream.details?.fetch(session, listed) ?? [];
    },
  },
});

it('is not quarantined by a run that had read it before it was erased', async () => {
  let title = 'first';
  const provider = polling.toy({ records: () => [record(1, { title })], withDetail: true });
  await polling.poll(provider);
  title = 'second';
  const unknown = (): never => {
    throw new RecordInvalid(['title: is not understood']);
  };
  polling.clock += minute;
  await polling.poll({ ...provider, stream: { ...erasing(provider.stream), normalize: unknown } });
  expect((await countQuarantined(polling.opened.store, 'toy')).count).toBe(0);
  expect(await isGone('r1')).toBe(true);
});

it('is not brought back by a run that had read it before it was erased', async () => {
  let title = 'first';
  const provider = polling.toy({ records: () => [record(1, { title })], withDetail: true });
  await polling.poll(provider);
  title = 'second';
  polling.clock += minute;
  expect((await polling.poll({ ...provider, stream: erasing(provider.stream) })).counts).toMatchObject({
    updated: 0,
    erased: 1,
  });
  expect(await isGone('r1')).toBe(true);
});

it('is neither asked for nor quarantined for a webhook', async () => {
  const provider = polling.toy({ records: () => [record(1), record(2)], withDetail: true });
  await polling.poll(provider);
  await eraseRecord(polling.opened.store, uuidOf('r1'));
  provider.asked.length = 0;
  const { connector, session } = provider;
  const run = { connector, session: await session(), store: polling.opened.store, now: () => polling.clock };
  const hints = ['r1', 'r2'].map((externalId) => ({ externalId, startedAt: null }));
  const ends = await ingestHints({ ...run, slowPutMs: 5_000, work: { key: ['delivery'], at: polling.clock } }, hints);
  expect(ends.map(({ became }) => became)).toEqual(['erased', 'unchanged']);
  expect(provider.asked).toEqual(['hinted r2']);
  expect((await countQuarantined(polling.opened.store, 'toy')).count).toBe(0);
});

it('has nothing due any more', async () => {
  const provider = polling.toy({
    records: () => [{ id: 'r1', at: polling.clock - minute, title: 'silent' }],
    withDetail: true,
  });
  await polling.poll(provider);
  await eraseRecord(polling.opened.store, uuidOf('r1'));
  provider.asked.length = 0;
  polling.clock += 30 * minute;
  expect(await polling.poll(provider)).toMatchObject({ due: 0, error: null });
  expect(provider.asked.filter((asked) => asked.includes('r1'))).toEqual([]);
});
