import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { touchOldest } from '#infra/local/fakes/faults/salesloft-pages.ts';
import type { SalesloftWorld } from '#infra/local/fakes/salesloft/world.ts';
import type { Window } from '#shared/domain/checkpoint.ts';
import { ResponseInvalid } from '#shared/domain/errors.ts';
import { salesloft } from '#shared/providers/salesloft/connector.ts';
import { type FakeSession, salesloftSession, type Tamper } from './fake-session.ts';
import { idsOf, type Stamps, sortedIds, start, startUs, worldOf } from './salesloft-worlds.ts';
import { walkWindow } from './walk.ts';

const [stream] = salesloft.streams;
if (!stream) throw new Error('no stream');

const hour = 3_600_000;
const day: Window = { from: start, to: start + 24 * hour };
const later = (): number => start + 48 * hour;

const walk = async (world: SalesloftWorld, tamper?: Tamper, window = day) => {
  const session = salesloftSession(world, later, tamper);
  return { ...(await walkWindow(stream, session, window)), session };
};

const pagesOf = ({ asked }: FakeSession): number[] => asked.map(({ url }) => Number(url.searchParams.get('page')));
const costOf = ({ asked }: FakeSession): number => asked.reduce((sum, { real }) => sum + real, 0);

/** Changes the JSON of every answer. */
const edit =
  (
    change: (body: { data: Record<string, unknown>[]; metadata?: Record<string, unknown> }, page: number) => unknown,
  ): Tamper =>
  (request, respond) => {
    const answer = respond(request);
    const page = Number(new URL(request.url).searchParams.get('page'));
    return { ...answer, body: JSON.stringify(change(JSON.parse(String(answer.body)), page)) };
  };

const spread = (count: number, stepUs = 1_000_003): Stamps[] =>
  Array.from({ length: count }, (_, i) => ({ updated: i * stepUs }));

describe('the request plan', () => {
  it('reads 10,000 conversations for at most 1.05 of the least cost, always at page 1', async () => {
    const world = worldOf(spread(10_000));
    const { records, session } = await walk(world);
    expect(idsOf(records).sort()).toEqual(sortedIds(world));
    expect(costOf(session)).toBeLessThanOrEqual(1.05 * 100);
    expect(new Set(pagesOf(session))).toEqual(new Set([1]));
  });

  it('gives them in the order of their stamps', async () => {
    const world = worldOf(spread(350));
    const { records } = await walk(world);
    const stamps = records.map((record) => (record as { updated_at: string }).updated_at);
    expect(stamps).toEqual([...stamps].sort());
  });

  it('takes the start of a window and leaves its end', async () => {
    const hours = (count: number): number => count * hour * 1_000;
    const world = worldOf([-1, 0, hours(24) - 1, hours(24), hours(24) + 1].map((updated) => ({ updated })));
    const { records } = await walk(world);
    expect(idsOf(records)).toEqual(idsOf(world.conversations.slice(1, 3)));
  });

  it('ends an empty window with one request', async () => {
    const { records, session } = await walk(worldOf([]));
    expect([records.length, session.asked.length]).toEqual([0, 1]);
  });

  it('keeps microseconds and offsets of a stamp as received', async () => {
    const world = worldOf(spread(150, 1).map((stamps) => ({ ...stamps, offsetMinutes: 330 })));
    const { records, session } = await walk(world);
    expect(idsOf(records).sort()).toEqual(sortedIds(world));
    expect(session.asked[1]?.url.searchParams.get('updated_at[gte]')).toBe('2026-03-02T05:30:00.000099+05:30');
  });

  it('starts the window again for a cursor that is not its own', async () => {
    const session = salesloftSession(worldOf(spread(3)), later);
    for (const cursor of ['', 'x', '{}', '[1]', '{"by":"page"}']) {
      const page = await stream.fetchPage(session, day, cursor);
      expect(page.records).toHaveLength(3);
    }
  });
});

describe('equal stamps', () => {
  const tied = (count: number, created: (i: number) => number): Stamps[] =>
    Array.from({ length: count }, (_, i) => ({ updated: 5_000_000, created: created(i) }));

  it('reads 250 conversations of one stamp, each once, by their creation', async () => {
    const world = worldOf([...spread(130, 10_000), ...tied(250, (i) => -i * 1_000), ...spread(30, 1_000_007)]);
    const { records, session } = await walk(world);
    expect(idsOf(records).sort()).toEqual(sortedIds(world));
    expect(new Set(pagesOf(session))).toEqual(new Set([1]));
  });

  it('takes page numbers only where creation ties as well', async () => {
    const world = worldOf([...tied(450, () => 0), ...tied(120, () => 1), ...spread(20, 1_000_007)]);
    const { records, session } = await walk(world);
    expect(idsOf(records).sort()).toEqual(sortedIds(world));
    for (const { url } of session.asked.filter(({ url: asked }) => asked.searchParams.get('page') !== '1')) {
      expect(url.searchParams.get('created_at[gte]')).toBe(url.searchParams.get('created_at[lte]'));
    }
    expect(session.asked.length).toBeLessThan(20);
  });

  it('keeps its cursor small', async () => {
    const { cursors } = await walk(worldOf([...tied(450, (i) => i % 2), ...spread(400)]));
    expect(Math.max(...cursors.map(({ length }) => length))).toBeLessThan(10_000);
  });

  it('reads ties without counts too', async () => {
    const world = worldOf(tied(330, () => 0));
    const { records } = await walk(
      world,
      edit(({ data, metadata = {} }) => {
        const { total_pages: _pages, total_count: _count, ...paging } = metadata['paging'] as Record<string, unknown>;
        return { data, metadata: { paging } };
      }),
    );
    expect(idsOf(records).sort()).toEqual(sortedIds(world));
  });

  it('misses none of a tie while others leave it', async () => {
    const world = worldOf(tied(650, () => 0));
    const stay = new Set(world.conversations.slice(100, 600).map(({ id }) => id));
    const session = salesloftSession(world, later);
    const leaving = world.conversations.filter(({ id }) => !stay.has(id));
    const { records } = await walkWindow(stream, session, day, () => {
      for (const record of leaving.splice(0, 15)) record.updatesUs.push(startUs + 9_000_000_000);
      world.revision += 1;
    });
    const given = new Set(idsOf(records));
    expect([...stay].filter((id) => !given.has(id))).toEqual([]);
  });

  it('refuses a tie that would need page 101', async () => {
    await expect(walk(worldOf(tied(10_050, () => 0)))).rejects.toThrow('share one updated_at and created_at');
  }, 20_000);

  it('reads any still world once and whole', async () => {
    const stamps = fc.record({ at: fc.nat(4), created: fc.nat(2), count: fc.integer({ min: 1, max: 240 }) });
    await fc.assert(
      fc.asyncProperty(fc.array(stamps, { minLength: 1, maxLength: 5 }), async (groups) => {
        const world = worldOf(
          groups.flatMap(({ at, created, count }) =>
            Array.from({ length: count }, () => ({ updated: at, created: -created })),
          ),
        );
        const { records } = await walk(world);
        expect(idsOf(records).sort()).toEqual(sortedIds(world));
      }),
      { numRuns: 60 },
    );
  });
});

describe('a world that moves', () => {
  it('misses nothing while the oldest conversations are touched behind each page', async () => {
    const world = worldOf(spread(1_200, 2_000_000));
    let now = start + 2 * hour;
    const session = salesloftSession(world, () => now);
    const { records } = await walkWindow(stream, session, day, (pages) => {
      if (pages > 40) return;
      now += 1_000;
      touchOldest(world, 37, now);
    });
    expect([...new Set(idsOf(records))].sort()).toEqual(sortedIds(world));
    expect(new Set(pagesOf(session))).toEqual(new Set([1]));
  });
});

describe('an odd provider', () => {
  it('passes rows without a readable stamp on, and walks by the others', async () => {
    const world = worldOf(spread(320));
    const spoil = edit(({ data, metadata }) => ({
      metadata,
      data: data.map((row, i) => (i % 50 === 49 ? { ...row, updated_at: i % 100 === 99 ? null : 'yesterday' } : row)),
    }));
    const { records } = await walk(world, spoil);
    expect([...new Set(idsOf(records))].sort()).toEqual(sortedIds(world));
  });

  it('reads all where the page size is silently capped', async () => {
    const world = worldOf(spread(180));
    const cap: Tamper = (request, respond) =>
      respond({ ...request, url: request.url.replace('per_page=100', 'per_page=1000') });
    const { records, pages } = await walk(world, cap);
    expect(idsOf(records).sort()).toEqual(sortedIds(world));
    expect(pages).toBeGreaterThan(7);
  });

  it('takes the echoed page size for the full page where no next page is named', async () => {
    const world = worldOf(spread(180));
    const cap: Tamper = (request, respond) => {
      const answer = respond({ ...request, url: request.url.replace('per_page=100', 'per_page=30') });
      const { data } = JSON.parse(String(answer.body));
      return { ...answer, body: JSON.stringify({ data, metadata: { paging: { per_page: 30 } } }) };
    };
    const { records } = await walk(world, cap);
    expect(idsOf(records).sort()).toEqual(sortedIds(world));
  });

  it.each<[string, Tamper]>([
    ['a bare array', edit(({ data }) => data)],
    ['no metadata', edit(({ data }) => ({ data }))],
    ['paging without next_page', edit(({ data }) => ({ data, metadata: { paging: { per_page: 100 } } }))],
    [
      'paging of wrong types',
      edit(({ data }) => ({ data, metadata: { paging: { per_page: 'many', current_page: {} } } })),
    ],
  ])('reads all with %s', async (_name, tamper) => {
    const world = worldOf(spread(230));
    const { records } = await walk(world, tamper);
    expect(idsOf(records).sort()).toEqual(sortedIds(world));
  });

  const rewriting =
    (change: (query: URLSearchParams) => void): Tamper =>
    (request, respond) => {
      const url = new URL(request.url);
      change(url.searchParams);
      return respond({ ...request, url: url.href });
    };

  it.each<[string, Tamper]>([
    ['ignores the filter', rewriting((query) => query.delete('updated_at[gte]'))],
    ['sorts the other way', rewriting((query) => query.set('sort_direction', 'desc'))],
    ['ignores the sorting', rewriting((query) => query.delete('sort_by'))],
    ['gives no stamp at all', edit(({ data, metadata }) => ({ metadata, data: data.map(({ id }) => ({ id })) }))],
    ['says that an empty page has a next', edit(() => ({ data: [], metadata: { paging: { next_page: 2 } } }))],
  ])('is stopped where it %s', async (_name, tamper) => {
    const world = worldOf(spread(450).map(({ updated }, i) => ({ updated, created: ((i * 7_919) % 450) - 500 })));
    await expect(walk(world, tamper)).rejects.toThrow(ResponseInvalid);
  });

  it('is stopped where it ignores the filters of a tie', async () => {
    const world = worldOf(Array.from({ length: 150 }, (_, i) => ({ updated: 7, created: i % 2 })));
    const ignore = rewriting((query) => {
      for (const name of [...query.keys()]) if (name.includes('[')) query.delete(name);
    });
    await expect(walk(world, ignore)).rejects.toThrow(ResponseInvalid);
  });
});
