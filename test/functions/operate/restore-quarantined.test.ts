import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import { expect, it } from 'vitest';
import { countQuarantined } from '#shared/storage/count-rows.ts';
import { minute, openPolling, record } from '#test/support/polling.ts';
import { readVault } from '#test/support/raw-vault.ts';
import { openReprocessing } from '#test/support/reprocessing.ts';
import type { ToyRecord } from '#test/support/toy-provider.ts';

it('a reprocess stores quarantined records that are understood now, and forgets that they were there', async () => {
  const polling = await openPolling();
  const { polled, reprocess, titleOf } = openReprocessing(polling);
  let broken: Partial<ToyRecord> = { broken: true };
  const records = [record(1), record(2), record(3)];
  const all = () => [records[0] as ToyRecord, { ...record(2), ...broken }, { ...record(3), broken: true as const }];
  const provider = await polled({ records: all });
  broken = {};
  const { store } = polling.opened;
  expect((await countQuarantined(store, 'toy')).count).toBe(2);
  const [stream] = provider.connector.streams;
  if (!stream) throw new Error('no stream');
  // The mapper of r2 is mended, that of r3 is not.
  const normalize: typeof stream.normalize = (answer) => {
    const listed = answer.listed as ToyRecord;
    return stream.normalize(listed.id === 'r2' ? { ...answer, listed: { ...listed, broken: undefined } } : answer);
  };
  const mended = { ...provider.connector, mapper: 2, streams: [{ ...stream, normalize }] };
  const dry = await reprocess(provider, mended, { dryRun: true });
  expect(dry).toMatchObject({
    count: 1,
    restored: 1,
    unchanged: 1,
    quarantined: 1,
    changes: [{ id: 'toy:r2', changed: [] }],
  });
  expect((await countQuarantined(store, 'toy')).count).toBe(2);
  expect(await reprocess(provider, mended)).toEqual(dry);
  expect(await titleOf('r2')).toBe('title 2');
  expect((await countQuarantined(store, 'toy')).count).toBe(1);
  const { Contents: left = [] } = await store.objects.send(
    new ListObjectsV2Command({ Bucket: store.bucket, Prefix: 'quarantine/' }),
  );
  expect(left).toHaveLength(1);
  expect(await readVault(store)).toMatchObject({ unkept: [], unnamed: [] });
  polling.clock += minute;
  expect(await reprocess(provider, mended)).toMatchObject({ count: 0, unchanged: 2, quarantined: 1 });
  await polling.opened.close();
});
