import { GetObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { InboxJob } from '#shared/domain/delivery.ts';
import { CredentialsRejected, ProviderUnavailable, RateLimited, RequestRejected } from '#shared/domain/errors.ts';
import { isDeliveryKnown, rememberDelivery } from '#shared/storage/deliveries.ts';
import { getInboxObject, putInboxObject } from '#shared/storage/inbox-objects.ts';
import { openPolling, type Polling, record } from '#test/support/polling.ts';
import { epoch } from '#test/support/records.ts';
import { type InboxTable, openInboxTable } from './inbox-table.ts';

let polling: Polling;
let table: InboxTable;
beforeAll(async () => {
  polling = await openPolling();
});
afterAll(() => polling.opened.close());
beforeEach(() => {
  polling.clock = epoch;
  table = openInboxTable(polling);
});

const day = 86_400_000;
/** The delivery as it was sent again last. */
const again = (): InboxJob => {
  const [job] = table.sent.at(-1) ?? [];
  if (!job) throw new Error('nothing was sent again');
  return job;
};
const known = (job: InboxJob) => isDeliveryKnown(polling.opened.store, job);

describe('a delivery', () => {
  it('is asked for, stored and remembered, and the same again asks nothing', async () => {
    table.records = [record(1), record(2)];
    const job = table.delivery(['r1', 'r2']);
    const done = await table.work(job);
    expect(done).toMatchObject({ end: 'done', ends: [{ became: 'discovered' }, { became: 'discovered' }] });
    expect(await known(job)).toBe(true);
    const asked = table.toy.asked.length;
    expect(await table.work({ ...job, receivedAt: epoch + 1_000 })).toEqual({ end: 'known' });
    expect(table.toy.asked.length).toBe(asked);
  });

  it('tells of what no schema knows', async () => {
    table.records = [record(1, { unknown: 'tone' }), record(2, { unknown: 'tone' })];
    await table.work(table.delivery(['r1', 'r2']));
    expect(table.drift).toEqual(['tone']);
  });

  it('that is late or out of order changes nothing: the provider is asked what is true now', async () => {
    table.records = [record(1, { title: 'new' })];
    await table.work(table.delivery(['r1'], { key: 'second' }));
    polling.clock += day;
    const late = await table.work(table.delivery(['r1'], { key: 'first', receivedAt: epoch - day }));
    expect(late).toMatchObject({ end: 'done', ends: [{ became: 'unchanged' }] });
    expect(await table.version('r1')).toBe(1);
  });

  it.each([
    ['about nothing of ours', '{"ids":[]}'],
    ['that is no JSON', '{"ids":'],
  ])('%s is done with, and remembered', async (_name, body) => {
    const job = table.delivery([], { key: body, body });
    expect(await table.work(job)).toEqual({ end: 'noHints' });
    expect(await known(job)).toBe(true);
    expect(table.toy.asked).toEqual([]);
  });

  it('twice at once makes one version', async () => {
    table.records = [record(1)];
    const job = table.delivery(['r1']);
    await Promise.all([table.work(job), table.work(job)]);
    expect(await table.version('r1')).toBe(1);
  });
});

describe('waiting', () => {
  it.each([
    ['a provider that is down', new ProviderUnavailable('503'), [5, 10, 20]],
    ['a budget that is spent', new RateLimited('spent', 59_000), [59, 59, 59]],
    ['credentials that are refused', new CredentialsRejected('401'), [5, 10, 20]],
  ])('for %s, sent again each time, and worked off then', async (_name, fault, delays) => {
    table.records = [record(1)];
    table.fault = fault;
    let job: InboxJob = table.delivery(['r1']);
    for (const [waits, seconds] of delays.entries()) {
      expect(await table.work(job)).toEqual({ end: 'waits', code: fault.code, seconds });
      job = again();
      expect([job, table.sent.at(-1)?.[1]]).toEqual([{ ...table.delivery(['r1']), waits: waits + 1 }, seconds]);
      expect(await known(job)).toBe(false);
    }
    table.fault = null;
    expect(await table.work(job)).toMatchObject({ end: 'done', ends: [{ became: 'discovered' }] });
  });

  it('for a paused connection, without asking', async () => {
    table = openInboxTable(polling, { connection: { paused: true } });
    expect(await table.work(table.delivery(['r1']))).toEqual({ end: 'waits', code: 'paused', seconds: 5 });
    expect(table.toy.asked).toEqual([]);
    polling.clock += 14 * day + 1;
    await expect(table.work(table.delivery(['r1'], { receivedAt: epoch }))).rejects.toThrow('paused');
  });

  it('ends after two weeks as a failure, for an unsigned one after a day as done with', async () => {
    table.fault = new ProviderUnavailable('503');
    polling.clock += 14 * day + 1;
    await expect(table.work(table.delivery(['r1'], { receivedAt: epoch }))).rejects.toThrow(ProviderUnavailable);
    const unsigned = table.delivery(['r1'], { key: 'unsigned', receivedAt: epoch, isSigned: false });
    expect(await table.work(unsigned)).toEqual({ end: 'givenUp' });
    expect(table.sent).toEqual([]);
  });

  it('helps not against what our own question does wrong', async () => {
    table.fault = new RequestRejected('400', 400);
    await expect(table.work(table.delivery(['r1']))).rejects.toThrow(RequestRejected);
    await expect(table.work(table.delivery(['r1'], { connection: 'removed' }))).rejects.toThrow('removed');
  });
});

describe('what the provider does not have', () => {
  it('may be too early: it is asked for again, and stored when it is there', async () => {
    expect(await table.work(table.delivery(['r1']))).toEqual({ end: 'waits', code: 'notThere', seconds: 5 });
    expect(await table.work(again())).toEqual({ end: 'waits', code: 'notThere', seconds: 20 });
    table.records = [record(1)];
    expect(await table.work(again())).toMatchObject({ end: 'done', ends: [{ became: 'discovered' }] });
    expect(await table.kept()).toEqual([]);
  });

  it('is kept as the payload has it in the end, once, and the others are stored', async () => {
    table.records = [record(2)];
    const job = table.delivery(['r1', 'r2'], { waits: 2 });
    expect(await table.work(job)).toMatchObject({ end: 'done' });
    await table.work({ ...job, key: 'repeat' });
    expect(await table.kept()).toEqual(['r1']);
    expect(await table.version('r2')).toBe(1);
  });

  it('is not kept of an unsigned delivery, nor asked for twice', async () => {
    const job = table.delivery(['r1'], { isSigned: false });
    expect(await table.work(job)).toMatchObject({ end: 'done', ends: [{ became: 'notThere' }] });
    expect([await table.kept(), table.sent]).toEqual([[], []]);
    table.fault = new RequestRejected('400', 400);
    expect(await table.work({ ...job, key: 'odd' })).toEqual({ end: 'givenUp' });
  });

  it('is asked for by an unsigned delivery in the share that leaves the polls theirs', async () => {
    table.records = [record(1)];
    await table.work(table.delivery(['r1'], { isSigned: false }));
    await table.work(table.delivery(['r1'], { key: 'signed' }));
    expect(table.lanes).toEqual(['backfill', 'live']);
  });

  it('is not kept of one that tells of a conversation that goes on', async () => {
    table = openInboxTable(polling, { early: true });
    expect(await table.work(table.delivery(['r1'], { waits: 2 }))).toMatchObject({ end: 'done' });
    expect(await table.kept()).toEqual([]);
  });
});

describe('a large body', () => {
  const put = async (job: InboxJob & { body: string }): Promise<InboxJob & { object: string }> => {
    const { body, ...head } = job;
    return { ...head, object: await putInboxObject(polling.opened.store, head, body) };
  };

  it('is read from the bucket and removed when it is worked off, also behind a repeat', async () => {
    table.records = [record(1)];
    const job = await put(table.delivery(['r1']));
    expect(await table.work(job)).toMatchObject({ end: 'done' });
    expect(await getInboxObject(polling.opened.store, job.object)).toBeNull();
    await put(table.delivery(['r1']));
    expect(await table.work(job)).toEqual({ end: 'known' });
    expect(await getInboxObject(polling.opened.store, job.object)).toBeNull();
  });

  it('stays while its delivery waits', async () => {
    const job = await put(table.delivery(['r1'], { key: 'waiting' }));
    await table.work(job);
    expect(again()).toMatchObject({ object: job.object });
    expect(await getInboxObject(polling.opened.store, job.object)).not.toBeNull();
  });

  it('that is gone was worked off by a twin, or is a failure', async () => {
    const job: InboxJob = { ...table.delivery(['r1']), key: 'gone', object: 'inbox/gone' };
    Reflect.deleteProperty(job, 'body');
    await expect(table.work(job)).rejects.toThrow('gone from the bucket');
    const { store } = polling.opened;
    const send = async (...asked: Parameters<typeof store.objects.send>) => {
      if (asked[0] instanceof GetObjectCommand) await rememberDelivery(store, job, epoch);
      return store.objects.send(...asked);
    };
    table.inbox.store = { ...store, objects: { ...store.objects, send } as typeof store.objects };
    expect(await table.work(job)).toEqual({ end: 'known' });
  });
});
