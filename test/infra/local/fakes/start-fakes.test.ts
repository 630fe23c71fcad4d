import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startFakes } from '#infra/local/fakes/start-fakes.ts';
import { connectionsFileSchema } from '#shared/domain/connections.ts';
import { basic } from './asking.ts';

const nowMs = Date.parse('2026-03-02T09:00:10Z');
const week = { interaction_started: '2026-02-24T00:00:00Z', interaction_ended: '2026-03-03T00:00:00Z' };
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'earshot-fakes-'));
});
afterAll(() => rm(folder, { recursive: true }));

type Fakes = Awaited<ReturnType<typeof startFakes>>;

/** What both demo providers list, asked as their connections say. */
async function listed(fakes: Fakes): Promise<string[]> {
  const ids: string[] = [];
  for (const { provider, baseUrl, tokenUrl, credentials } of fakes.connections.connections) {
    const granted = await fetch(tokenUrl, {
      method: 'POST',
      headers: { authorization: basic(credentials.clientId, credentials.clientSecret) },
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
    });
    const { access_token: token } = (await granted.json()) as { access_token: string };
    const path =
      provider === 'salesloft'
        ? '/conversations?per_page=100'
        : `/conversations/interactions?${new URLSearchParams(week)}`;
    const answer = await fetch(`${baseUrl}${path}`, { headers: { authorization: `Bearer ${token}` } });
    const body = (await answer.json()) as { data?: { id: string }[]; _embedded?: { interactions: { id: string }[] } };
    ids.push(...(body.data ?? body._embedded?.interactions ?? []).map(({ id }) => id));
  }
  return ids;
}

it('starts both with a connections file that is valid, and 40 conversations each', async () => {
  const fakes = await startFakes({ now: () => nowMs });
  const file = connectionsFileSchema.parse(fakes.connections);
  expect(file.connections.map(({ id, provider, every }) => [id, provider, every])).toEqual([
    ['sales-calls', 'salesloft', '5s'],
    ['support-line', 'talkdesk', '5s'],
  ]);
  expect(await listed(fakes)).toHaveLength(80);
  await fakes.close();
});

it('shows the same past after a restart that knows since when', async () => {
  const sinceFile = join(folder, 'since');
  const before = await startFakes({ now: () => nowMs, sinceFile });
  const past = await listed(before);
  await before.close();
  const after = await startFakes({ now: () => nowMs + 60_000, sinceFile });
  const present = await listed(after);
  await after.close();
  expect(present).toEqual(expect.arrayContaining(past));
  expect(present.length).toBeGreaterThan(past.length);
});
