import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { beforeAll, describe, expect, test } from 'vitest';
import { checkpointSchema } from '#shared/domain/checkpoint.ts';
import { formatInstant } from '#shared/domain/instant.ts';
import { budgetLimits, reserve } from '#shared/storage/budget.ts';
import { quarantinePartition } from '#shared/storage/quarantine-key.ts';
import { releaseLease, saveCheckpoint, takeLease } from '#shared/storage/streams.ts';
import { epoch } from '#test/support/records.ts';
import { connectionsFile, lookupOver } from './lookup-harness.ts';
import { clock, lookup, put, setUpLookupTable, store } from './lookup-table.ts';

setUpLookupTable();

beforeAll(async () => {
  await put('support', '1');
  await put('support', '2');
  await put('gone', '3');
  await store.documents.send(
    new PutCommand({ TableName: store.table, Item: { pk: quarantinePartition('support'), sk: 'x' } }),
  );
  await run('support', 'interactions', 60_000, { lastSuccessAt: epoch - 50_000 });
  await run('support', 'recordings', 90_000, { lastSuccessAt: epoch - 80_000 });
  await run('gone', 'interactions', 1_000, { lastSuccessAt: epoch });
});

/** A finished run of a stream whose watermark lies so far behind `epoch`. */
async function run(
  connection: string,
  stream: string,
  lagMs: number,
  end: Parameters<typeof releaseLease>[2],
): Promise<void> {
  const taken = await takeLease(store, { connection, stream, provider: 'talkdesk' }, epoch, 1_000);
  if (!taken) throw new Error('the lease is held');
  const live = { watermark: epoch - lagMs, resume: null };
  const checkpoint = checkpointSchema.parse({ live, backfill: null, dueAt: epoch });
  await saveCheckpoint(store, taken.lease, checkpoint, epoch + 1_000);
  await releaseLease(store, taken.lease, end);
}

const one = async (id: string, over = lookup) =>
  (await over.get(`/v1/connections/${id}`, await over.token('crm'))).json();

describe('connections', () => {
  test('shows the oldest of its streams, counts and the budget', async () => {
    expect(await one('support')).toEqual({
      ...{ id: 'support', provider: 'talkdesk', state: 'healthy' },
      ...{
        watermark: formatInstant(epoch - 90_000),
        lagMs: 90_000,
        lastSuccessAt: formatInstant(epoch - 80_000),
        lastError: null,
        silentSince: null,
      },
      counts: { stored: 2, quarantined: 1 },
      budget: { remaining: null, resetsAt: null },
    });
    expect(await one('sales')).toMatchObject({
      state: 'healthy',
      watermark: null,
      lagMs: null,
      lastSuccessAt: null,
      counts: { stored: 0 },
    });
  });

  test('shows what is left of the budget of its group', async () => {
    const sales = { ...connectionsFile.connections[1], id: 'sales', rateLimit: { perMinute: 60, group: 'g' } };
    const file = {
      ...connectionsFile,
      connections: connectionsFile.connections.map((c) => (c.id === 'sales' ? { ...c, ...sales } : c)),
    };
    const limits = budgetLimits(sales, {});
    await reserve(store, 'g', { limits, lane: 'live', need: 10, want: 10, least: {} }, null, epoch);
    const { budget } = await one('sales', lookupOver(store, clock, file));
    expect(budget).toEqual({ remaining: 50, resetsAt: formatInstant(epoch + 60_000) });
  });

  test('is stopped where it is paused or was removed, and its conversations stay readable', async () => {
    expect((await one('paused')).state).toBe('stopped');
    expect(await one('gone')).toMatchObject({ state: 'stopped', provider: 'talkdesk', counts: { stored: 1 } });
    const token = await lookup.token('crm');
    const { connections } = (await lookup.get('/v1/connections', token)).json();
    expect(connections.map(({ id }) => id)).toEqual(['support', 'sales', 'paused', 'gone']);
    const listed = (await lookup.get('/v1/conversations', token)).json().conversations;
    expect(listed.map(({ id }) => id)).toContain('gone:3');
  });

  test('is degraded at once on refused credentials, else after three failed runs', async () => {
    const stateAfter = async (code: string, failures: number) => {
      await run('sales', 'conversations', 0, { lastError: { code, at: epoch - 1 }, failures });
      return one('sales', lookupOver(store, clock));
    };
    expect(await stateAfter('ProviderUnavailable', 2)).toMatchObject({
      state: 'healthy',
      lastError: { code: 'ProviderUnavailable', at: formatInstant(epoch - 1), advice: expect.stringMatching(/\.$/) },
    });
    expect((await stateAfter('ProviderUnavailable', 3)).state).toBe('degraded');
    expect((await stateAfter('SomethingNew', 3)).lastError?.advice).toContain('log');
    expect((await stateAfter('CredentialsRejected', 1)).state).toBe('degraded');
  });

  test('shows a limited client its own only, another is answered as one that does not exist', async () => {
    const token = await lookup.token('limited');
    const { connections } = (await lookup.get('/v1/connections', token)).json();
    expect(connections.map(({ id }) => id)).toEqual(['support']);
    const missing = await lookup.get('/v1/connections/nowhere', token);
    expect(missing.status).toBe(404);
    expect(await lookup.get('/v1/connections/sales', token)).toEqual({ ...missing, json: expect.anything() });
    expect((await lookup.get('/v1/connections?x=1', token)).json().fields[0]?.name).toBe('x');
  });

  test('keeps counts and streams for a short while', async () => {
    const own = { now: epoch };
    const kept = lookupOver(store, own);
    expect((await one('gone', kept)).counts.stored).toBe(1);
    await put('gone', '4');
    expect((await one('gone', kept)).counts.stored).toBe(1);
    own.now += 30_000;
    expect((await one('gone', kept)).counts.stored).toBe(2);
  });
});
