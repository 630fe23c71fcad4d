import { request } from 'undici';
import { describe, expect, it } from 'vitest';
import { fakeNetwork } from '#infra/local/fakes/dispatcher.ts';
import { drip, neverAnswers, resetAfter } from '#infra/local/fakes/faults/answer-faults.ts';
import type { Fault } from '#infra/local/fakes/faults/fault.ts';
import { inventSalesloftWorld } from '#infra/local/fakes/salesloft/invent.ts';
import { salesloftDefaults } from '#infra/local/fakes/salesloft/settings.ts';
import { fakeSalesloft } from '#infra/local/fakes/salesloft/start.ts';
import { basic, origin } from './asking.ts';

const nowMs = Date.parse('2026-03-02T09:00:10Z');
const world = inventSalesloftWorld('network', nowMs - 3_600_000, nowMs - 1_800_000, 5);

function network(fault?: Fault) {
  const faults = fault ? [{ match: () => true, fault }] : [];
  const fake = fakeSalesloft({ world, now: () => nowMs, faults });
  return { fake, dispatcher: fakeNetwork({ [origin]: fake }) };
}

describe('a network of fakes', () => {
  it('carries method, headers, query and body to the fake, and its answer back', async () => {
    const { fake, dispatcher } = network();
    const { clientId, clientSecret } = salesloftDefaults;
    const granted = await request(`${origin}/oauth/token`, {
      dispatcher,
      method: 'POST',
      headers: { Authorization: basic(clientId, clientSecret), 'content-type': 'application/x-www-form-urlencoded' },
      body: 'grant_type=client_credentials',
    });
    const { access_token: token } = (await granted.body.json()) as { access_token: string };
    const headers = { authorization: `Bearer ${token}` };
    const list = await request(`${origin}/v2/conversations?per_page=2`, { dispatcher, headers, query: { page: '2' } });
    expect(list.statusCode).toBe(200);
    expect(list.headers['x-ratelimit-remaining-minute']).toBe('599');
    expect(((await list.body.json()) as { data: unknown[] }).data).toHaveLength(2);
    expect(new URL(fake.requests.entries[1]?.request.url ?? '').search).toBe('?per_page=2&page=2');
  });

  it('has no other hosts', async () => {
    await expect(request('https://elsewhere.example/', { dispatcher: network().dispatcher })).rejects.toThrow(
      'no fake provider',
    );
  });

  it('resets and stalls', async () => {
    const get = (fault: Fault, signal?: AbortSignal) =>
      request(`${origin}/v2/conversations`, { dispatcher: network(fault).dispatcher, ...(signal ? { signal } : {}) });
    await expect(get(resetAfter(-1))).rejects.toThrow('ECONNRESET');
    await expect(get(resetAfter(3)).then(({ body }) => body.text())).rejects.toThrow('ECONNRESET');
    await expect(get(neverAnswers, AbortSignal.timeout(50))).rejects.toThrow(/timeout/);
    await expect(get(drip(1, 1))).rejects.toThrow('needs a socket');
  });
});
