import { beforeAll, describe, expect, it } from 'vitest';
import { connectionsFileSchema } from '#shared/domain/connections.ts';
import type { Operation } from '#shared/domain/operation.ts';
import { lookupOver, type TestLookup } from './lookup-harness.ts';
import { clock, setUpLookupTable, store } from './lookup-table.ts';

setUpLookupTable();

const talkdesk = { provider: 'talkdesk', credentials: { secret: 'x' } };
const client = { scopes: ['operations:write'], perMinute: 100_000 };
const file = connectionsFileSchema.parse({
  connections: [
    { ...talkdesk, id: 'support' },
    { ...talkdesk, id: 'sales' },
  ],
  clients: [
    { ...client, clientId: 'operator', clientSecret: 'operator' },
    { ...client, clientId: 'limited', clientSecret: 'limited', connections: ['sales'] },
  ],
});

let lookup: TestLookup;
const tokens = new Map<string, string>();
beforeAll(async () => {
  lookup = lookupOver(store, clock, file);
  for (const id of ['operator', 'limited']) tokens.set(id, await lookup.token(id));
});

type Shown = Operation & { fields?: { name: string }[] };
async function ask(body: unknown, as = 'operator'): Promise<{ status: number; shown: Shown }> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${tokens.get(as)}` };
  const { status, text } = await lookup.call('/v1/reprocess', { method: 'POST', body: JSON.stringify(body), headers });
  return { status, shown: JSON.parse(text) };
}

describe('asking for a reprocess', () => {
  it('gives it queued, as it was asked for', async () => {
    const request = {
      connection: 'support',
      from: '2026-03-02T00:00:00.000Z',
      to: '2026-03-03T00:00:00.000Z',
      ids: ['support:1'],
      dryRun: true,
    };
    const { status, shown } = await ask(request);
    expect([status, shown.kind, shown.state, shown.request]).toEqual([202, 'reprocess', 'queued', request]);
    expect((await ask({ connection: 'support' })).status).toBe(202);
    expect((await ask({ connection: 'sales' }, 'limited')).status).toBe(202);
  });

  it.each([
    ['an end that is not behind its beginning', { from: '2026-03-02T00:00:00Z', to: '2026-03-02T00:00:00Z' }, 'to'],
    ['a span in the future', { from: '2999-01-01T00:00:00Z' }, 'from'],
    ['an end in the future', { to: '2999-01-01T00:00:00Z' }, 'to'],
    ['ids of another connection', { ids: ['support:1', 'sales:1'] }, 'ids'],
    ['no ids', { ids: [] }, 'ids'],
    ['too many ids', { ids: Array.from({ length: 501 }, (_, i) => `support:${i}`) }, 'ids'],
    ['a dry run that is neither', { dryRun: 'yes' }, 'dryRun'],
    ['no connection', { connection: undefined }, 'connection'],
  ])('refuses %s and names the field', async (_, more, field) => {
    const { status, shown } = await ask({ connection: 'support', ...more });
    expect([status, shown.fields?.map(({ name }) => name.split('[')[0])]).toEqual([400, [field]]);
  });

  it('knows no connection that is not there, or not the caller’s', async () => {
    expect((await ask({ connection: 'none' })).status).toBe(404);
    expect((await ask({ connection: 'support' }, 'limited')).status).toBe(404);
  });
});
