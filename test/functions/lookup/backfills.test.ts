import { beforeAll, describe, expect, it } from 'vitest';
import { connectionsFileSchema } from '#shared/domain/connections.ts';
import { formatInstant } from '#shared/domain/instant.ts';
import type { Operation } from '#shared/domain/operation.ts';
import { claimOperation, endOperation, saveOperation } from '#shared/storage/operation-lease.ts';
import { nameOperation } from '#shared/storage/operation-names.ts';
import { releaseLease, takeLease } from '#shared/storage/streams.ts';
import { listWaiting } from '#shared/storage/waiting-operations.ts';
import { lookupOver, settleMs, type TestLookup } from './lookup-harness.ts';
import { clock, setUpLookupTable, store } from './lookup-table.ts';

setUpLookupTable();

const talkdesk = { provider: 'talkdesk', credentials: { secret: 'x' } };
const client = { scopes: ['operations:write'], perMinute: 100_000 };
const file = connectionsFileSchema.parse({
  connections: [
    { ...talkdesk, id: 'support' },
    { ...talkdesk, id: 'refused' },
    { ...talkdesk, id: 'asleep', paused: true },
  ],
  clients: [
    { ...client, clientId: 'operator', clientSecret: 'operator' },
    { ...client, clientId: 'limited', clientSecret: 'limited', connections: ['refused'] },
  ],
});

let lookup: TestLookup;
const tokens = new Map<string, string>();
beforeAll(async () => {
  lookup = lookupOver(store, clock, file);
  for (const id of ['operator', 'limited']) tokens.set(id, await lookup.token(id));
});

type Shown = Operation & { operations: Operation[]; fields: { name: string }[] };
async function call(
  target: string,
  body?: unknown,
  as = 'operator',
  over = lookup,
): Promise<{ status: number; shown: Shown }> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${tokens.get(as)}` };
  const sent = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
  const { status, text } = await over.call(target, { ...sent, headers });
  return { status, shown: JSON.parse(text) };
}

let days = 0;
/** A span that nobody has asked for yet. */
const span = (connection = 'support') => {
  days += 1;
  const from = Date.parse('2026-03-01T00:00:00Z') + days * 86_400_000;
  return { connection, from: formatInstant(from), to: formatInstant(from + 86_400_000) };
};
const leaseOf = ({ id }: Operation) => ({ kind: 'backfills', id, holder: 'poll' }) as const;
const read = { discovered: 1, updated: 0, unchanged: 2, quarantined: 0 };

describe('asking for a backfill', () => {
  it('gives it queued, with a row for the polls of its connection', async () => {
    const request = span();
    const { status, shown } = await call('/v1/backfills', request);
    expect(status).toBe(202);
    expect(shown).toMatchObject({ kind: 'backfills', state: 'queued', request, result: null, error: null });
    expect(await listWaiting(store, 'support', 'backfills')).toEqual([{ id: shown.id, askedAt: clock.now }]);
  });

  it('gives the same one for the same span, also to many at once and however it is written', async () => {
    const request = span();
    const asked = await Promise.all(Array.from({ length: 5 }, () => call('/v1/backfills', request)));
    const to = request.to.replace('.000Z', '+00:00');
    asked.push(await call('/v1/backfills', { ...request, to, again: true }));
    expect(new Set(asked.map(({ shown }) => shown.id)).size).toBe(1);
    const { shown } = await call('/v1/backfills');
    expect(shown.operations.filter(({ id }) => id === asked[0]?.shown.id)).toHaveLength(1);
    const ids = shown.operations.map(({ id }) => id);
    expect(ids).toEqual(ids.toSorted().toReversed());
  });

  it('completes what an asking has left that was stopped behind its first step', async () => {
    const request = span();
    const id = '01900000-0000-7000-8000-000000000000';
    await nameOperation(store, { kind: 'backfills', id }, `support#${request.from}#${request.to}`);
    expect((await call('/v1/backfills', request)).shown).toMatchObject({ id, state: 'queued' });
    expect((await listWaiting(store, 'support', 'backfills')).map((row) => row.id)).toContain(id);
  });

  it('begins again where it was, when it was cancelled or has failed', async () => {
    const request = span();
    const { shown: first } = await call('/v1/backfills', request);
    const lease = leaseOf(first);
    await claimOperation(store, lease, clock.now, 1_000);
    const place = { at: 7 };
    await saveOperation(
      store,
      lease,
      { progress: { done: 7, total: 9 }, estimateSeconds: 5, place },
      clock.now + 1_000,
    );
    await call(`/v1/backfills/${first.id}/cancel`, '');
    expect((await call('/v1/backfills', request)).shown).toMatchObject({
      id: first.id,
      state: 'queued',
      progress: { done: 7 },
    });
    expect(await claimOperation(store, lease, clock.now, 1_000)).toMatchObject({ place });
    await endOperation(store, lease, { state: 'failed', error: { code: 'RequestRejected', message: '400' } });
    expect((await call('/v1/backfills', request)).shown).toMatchObject({ id: first.id, state: 'queued', error: null });
    expect(await claimOperation(store, lease, clock.now, 1_000)).toMatchObject({ place });
  });

  it('answers one that is done as it is, and reads it again where that is said', async () => {
    const request = span();
    const { shown: first } = await call('/v1/backfills', request);
    await claimOperation(store, leaseOf(first), clock.now, 1_000);
    const end = { state: 'done', progress: { done: 9, total: 9 }, result: read } as const;
    await endOperation(store, leaseOf(first), end);
    expect((await call('/v1/backfills', request)).shown).toMatchObject({ id: first.id, ...end });
    const { shown } = await call('/v1/backfills', { ...request, again: true });
    expect(shown).toMatchObject({ id: first.id, state: 'queued', result: null, request, progress: { done: 0 } });
    expect(await claimOperation(store, leaseOf(first), clock.now, 1_000)).toMatchObject({ place: null });
  });

  it.each([
    ['ends before it begins', () => ({ to: '2026-01-01T00:00:00Z' }), ['to']],
    ['is empty', ({ from }: { from: string }) => ({ to: from }), ['to']],
    ['ends in the future', () => ({ to: formatInstant(clock.now + 1) }), ['to']],
    ['is longer than ten years', () => ({ from: '2010-01-01T00:00:00Z' }), ['from']],
    ['begins nowhere', () => ({ from: 'yesterday' }), ['from']],
    ['names no connection', () => ({ connection: undefined }), ['connection']],
    ['names one that none can be', () => ({ connection: 'a b' }), ['connection']],
    ['says more', () => ({ types: [], again: 'yes' }), ['again', 'types']],
  ])('refuses one that %s', async (_what, more, names) => {
    const request = span();
    const { status, shown } = await call('/v1/backfills', { ...request, ...more(request) });
    expect([status, shown.fields?.map(({ name }) => name).sort()]).toEqual([400, names]);
  });

  it('refuses one from before its provider has records', async () => {
    const request = span();
    const since = Date.parse(request.from) + 1;
    const limited = lookupOver(store, clock, file, settleMs, { recordsSince: { talkdesk: since } });
    const { status, shown } = await call('/v1/backfills', request, 'operator', limited);
    expect([status, shown.fields]).toEqual([400, [expect.objectContaining({ name: 'from' })]]);
    const other = lookupOver(store, clock, file, settleMs, { recordsSince: { vonage: since, talkdesk: since - 1 } });
    expect((await call('/v1/backfills', request, 'operator', other)).status).toBe(202);
  });

  it('refuses a connection that nobody reads, and does not know one that is not there or that the caller may not see', async () => {
    expect(await call('/v1/backfills', span('asleep'))).toMatchObject({
      status: 409,
      shown: { code: 'connectionStopped' },
    });
    expect((await call('/v1/backfills', span('nothing'))).status).toBe(404);
    expect((await call('/v1/backfills', span('support'), 'limited')).status).toBe(404);
    const { shown } = await call('/v1/backfills', span('support'));
    expect((await call(`/v1/backfills/${shown.id}`, undefined, 'limited')).status).toBe(404);
    expect((await call('/v1/backfills', undefined, 'limited')).shown.operations).toEqual([]);
  });
});

describe('an open backfill', () => {
  it('shows what its connection fails at, as long as it does', async () => {
    const { shown: asked } = await call('/v1/backfills', span('refused'));
    expect(asked.error).toBeNull();
    const name = { connection: 'refused', stream: 'interactions', provider: 'talkdesk' };
    const taken = await takeLease(store, name, clock.now, 1_000);
    const error = { code: 'CredentialsRejected', at: clock.now };
    if (taken) await releaseLease(store, taken.lease, { lastError: error, failures: 1 });
    clock.now += 60_000;
    const { shown } = await call(`/v1/backfills/${asked.id}`);
    expect(shown).toMatchObject({
      state: 'queued',
      error: { code: 'CredentialsRejected', message: expect.stringContaining('correct') },
    });
    await call(`/v1/backfills/${asked.id}/cancel`, '');
    expect((await call(`/v1/backfills/${asked.id}`)).shown).toMatchObject({ state: 'cancelled', error: null });
  });

  it('shows that its connection was paused', async () => {
    const { shown } = await call('/v1/backfills', span('support'));
    const [support, ...others] = file.connections;
    const paused = { ...file, connections: support ? [{ ...support, paused: true }, ...others] : [] };
    const over = lookupOver(store, clock, paused);
    const { shown: waiting } = await call(`/v1/backfills/${shown.id}`, undefined, 'operator', over);
    expect(waiting).toMatchObject({ state: 'queued', error: { code: 'connectionStopped' } });
  });
});
