import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startFakes } from '#infra/local/fakes/start-fakes.ts';
import { connectionsFileSchema } from '#shared/domain/connections.ts';
import { createTokenCache } from '#shared/http/oauth.ts';
import { openSession } from '#shared/ingest/session.ts';
import { connectors } from '#shared/providers/registry.ts';
import { instantStore } from '#test/bench/instant-store.ts';
import { walkWindow } from '#test/providers/walk.ts';
import { virtualClock } from '#test/support/virtual-clock.ts';

const nowMs = Date.parse('2026-03-02T09:00:10Z');
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'earshot-fakes-'));
});
afterAll(() => rm(folder, { recursive: true }));

type Fakes = Awaited<ReturnType<typeof startFakes>>;

/** What every demo provider lists, asked as its connection says. */
async function listed(fakes: Fakes): Promise<Map<string, string[]>> {
  const clock = virtualClock();
  const secrets = { read: async () => '' };
  const found = new Map<string, string[]>();
  for (const connection of connectionsFileSchema.parse(fakes.connections).connections) {
    const connector = connectors.find(({ provider }) => provider === connection.provider);
    const stream = connector?.streams[0];
    if (!connector || !stream) expect.fail(`no connector for ${connection.provider}`);
    const options = { store: instantStore(), secrets, tokens: createTokenCache(clock), clock };
    const session = await openSession(connection, connector, options);
    const { records } = await walkWindow(stream, session, { from: nowMs - 6 * 86_400_000, to: nowMs + 600_000 });
    found.set(connection.id, [...new Set(records.map((record) => stream.identify(record).externalId))]);
  }
  return found;
}

it('starts one of each provider but ourselves, with a connections file that is valid, and 40 conversations each', async () => {
  const fakes = await startFakes({ now: () => nowMs });
  const file = connectionsFileSchema.parse(fakes.connections);
  expect(file.connections.map(({ provider }) => provider).toSorted()).toEqual(
    connectors.flatMap(({ provider }) => (provider === 'earshot' ? [] : [provider])).toSorted(),
  );
  const hiding = await listed(fakes);
  const counts = [...(await listed(fakes)).values()].map(({ length }) => length);
  await fakes.close();
  expect(counts).toEqual([40, 40, 40, 40]);
  // What Talkdesk leaves out at first, for the ledger to find.
  const missing = [...hiding].flatMap(([connection, { length }]) => (length < 40 ? [connection] : []));
  expect(missing).toEqual(['support-line']);
});

it('shows the same past after a restart that knows since when', async () => {
  const sinceFile = join(folder, 'since');
  const before = await startFakes({ now: () => nowMs, sinceFile });
  const past = await listed(before);
  await before.close();
  const after = await startFakes({ now: () => nowMs + 60_000, sinceFile });
  const present = await listed(after);
  await after.close();
  for (const [connection, ids] of past) expect(present.get(connection)).toEqual(expect.arrayContaining(ids));
  expect([...present.values()].flat().length).toBeGreaterThan([...past.values()].flat().length);
});
