import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  arrivedCall,
  emptyPageWithMore,
  endlessList,
  ignoredDates,
  oddList,
  oldestFirst,
} from '#infra/local/fakes/faults/magpipe-pages.ts';
import type { MagpipeSettings } from '#infra/local/fakes/magpipe/settings.ts';
import type { MagpipeWorld } from '#infra/local/fakes/magpipe/world.ts';
import { ResponseInvalid } from '#shared/domain/errors.ts';
import type { Tamper } from './fake-session.ts';
import {
  callAt,
  day,
  edit,
  idsOf,
  later,
  magpipeSession,
  playing,
  sortedIds,
  start,
  stream,
  worldOf,
} from './magpipe-worlds.ts';
import { walkWindow } from './walk.ts';

const hour = 3_600_000_000;
const spread = (count: number, stepUs = 1_000_003): number[] => Array.from({ length: count }, (_, i) => i * stepUs);
const tied = (count: number, us: number): number[] => Array.from({ length: count }, () => us);

const walk = async (world: MagpipeWorld, options: { settings?: Partial<MagpipeSettings>; tamper?: Tamper } = {}) => {
  const session = magpipeSession(world, options);
  return { ...(await walkWindow(stream, session, day)), session };
};
const offsetsOf = ({ session }: Awaited<ReturnType<typeof walk>>) =>
  new Set(session.questions.map(({ offset }) => offset));

describe('the request plan', () => {
  it('reads 4,000 calls for at most 1.05 of the least requests, none with an offset', async () => {
    const world = worldOf(spread(4_000));
    const walked = await walk(world);
    expect(idsOf(walked.records)).toEqual(sortedIds(world));
    expect(walked.session.questions.length).toBeLessThanOrEqual(42);
    expect(offsetsOf(walked)).toEqual(new Set([0]));
  });

  it('asks by POST, newest first under the end of the window, a hundred at a time', async () => {
    const { records, session } = await walk(worldOf(spread(3, hour)));
    expect(session.asked.map(({ url }) => url.pathname)).toEqual(['/functions/v1/list-calls']);
    expect(session.questions).toEqual([
      { limit: 100, offset: 0, from_date: '2026-03-02T00:00:00.000Z', to_date: '2026-03-03T00:00:00.000Z' },
    ]);
    const stamps = records.map((record) => (record as { created_at: string }).created_at);
    expect(stamps).toEqual(stamps.toSorted().reverse());
  });

  it('ends an empty window with one request, and one of exactly a page', async () => {
    for (const count of [0, 1, 99, 100]) {
      const { records, session } = await walk(worldOf(spread(count)));
      expect([records.length, session.questions.length]).toEqual([count, 1]);
    }
  });

  it('takes the start of the window and leaves what is outside', async () => {
    const world = worldOf([-1, 0, 24 * hour, 24 * hour + 1]);
    const { records } = await walk(world);
    expect(idsOf(records)).toEqual(sortedIds({ calls: world.calls.slice(1, 3) }));
  });

  it('begins the window again for a cursor that is not its own', async () => {
    for (const cursor of ['', 'x', '{}', '[1]', '{"by":"tie"}']) {
      const page = await stream.fetchPage(magpipeSession(worldOf(spread(3))), day, cursor);
      expect(page.records).toHaveLength(3);
    }
  });
});

describe('calls of one moment', () => {
  it.each([0, 3, 6] as const)('are all read where stamps show %i digits', async (stampDigits) => {
    const world = worldOf([...spread(130, 700), ...tied(250, 5_000_000), ...spread(90, 1_500_007)]);
    const { records } = await walk(world, { settings: { stampDigits } });
    expect(new Set(idsOf(records))).toEqual(new Set(sortedIds(world)));
  });

  it('are gone through once more with a page in hand where the order of ties stands', async () => {
    const world = worldOf([...tied(450, 5_000_000), ...spread(20)]);
    const { session } = await walk(world);
    expect(session.questions.map(({ offset }) => offset)).toEqual([0, 0, 0, 100, 200, 300, 400, 0]);
  });

  it('are all read where each page has an order of its own', async () => {
    const world = worldOf([...tied(240, 5_000_000), ...spread(20)]);
    const { records, session } = await walk(world, { settings: { ties: 'changing' } });
    expect(new Set(idsOf(records))).toEqual(new Set(sortedIds(world)));
    expect(session.questions.length).toBeLessThan(40);
  });

  it('are all read where the list counts nothing', async () => {
    const world = worldOf([...tied(330, 5_000_000), ...spread(150)]);
    const { records } = await walk(world, { tamper: edit(({ calls }) => ({ calls })) });
    expect(new Set(idsOf(records))).toEqual(new Set(sortedIds(world)));
  });

  it('are all read where some of them vanish meanwhile', async () => {
    const world = worldOf([...tied(450, 5_000_000), ...spread(20)]);
    const stay = new Set(sortedIds(world).filter((_, i) => i % 8 !== 0));
    const { records } = await walkWindow(stream, magpipeSession(world), day, (pages) => {
      if (pages !== 4) return;
      world.calls.splice(0, world.calls.length, ...world.calls.filter(({ id }) => stay.has(id)));
    });
    const given = new Set(idsOf(records));
    expect([...stay].filter((id) => !given.has(id))).toEqual([]);
  });

  it('keep the cursor small', async () => {
    const { cursors } = await walk(worldOf([...tied(450, 5_000_000), ...spread(400)]));
    expect(Math.max(...cursors.map(({ length }) => length))).toBeLessThan(8_000);
    expect(cursors.at(-1)?.length).toBeLessThan(150);
  });

  it('that never stand still are refused, not passed', async () => {
    const world = worldOf(tied(250, 5_000_000));
    let n = world.calls.length;
    const arriving: Tamper = (request, respond) =>
      playing(arrivedCall(world, callAt(n++, 5_000_000)))(request, respond);
    await expect(walk(world, { tamper: arriving })).rejects.toThrow('do not stand still');
  });

  it('are refused where there are more than 10,000', async () => {
    const endless: Tamper = ({ body }) => {
      const { offset } = JSON.parse(body) as { offset: number };
      const row = (_: unknown, i: number) => ({ id: `c${offset + i}`, created_at: '2026-03-02T00:00:05Z' });
      const calls = Array.from({ length: 100 }, row);
      return { status: 200, headers: {}, body: JSON.stringify({ calls, total: 50_000, has_more: true }) };
    };
    await expect(walk(worldOf([]), { tamper: endless })).rejects.toThrow('share one created_at');
  });
});

describe('any world', () => {
  const group = fc.record({
    us: fc.oneof(
      fc.nat(3_000),
      fc.nat(3_000_000),
      fc.nat(24 * 3_600).map((seconds) => seconds * 1_000_000),
    ),
    count: fc.integer({ min: 1, max: 240 }),
    stepUs: fc.constantFrom(0, 1, 400, 30_000_000),
  });
  const arrival = fc.record({ page: fc.integer({ min: 1, max: 8 }), like: fc.nat() });

  it('is seen whole, whatever arrives while it is read, in a bounded number of requests', async () => {
    const settings = fc.record({
      stampDigits: fc.constantFrom<0 | 3 | 6>(0, 3, 6),
      ties: fc.constantFrom<'steady' | 'changing'>('steady', 'changing'),
      mostRows: fc.constantFrom(100, 40),
    });
    const groups = fc.array(group, { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(groups, fc.array(arrival, { maxLength: 3 }), settings, async (parts, arrivals, options) => {
        const stamps = parts.flatMap(({ us, count, stepUs }) =>
          Array.from({ length: count }, (_, i) => us + i * stepUs),
        );
        const world = worldOf(stamps);
        const before = sortedIds(world).filter((id) => world.calls.some((call) => call.id === id && isInside(call)));
        const session = magpipeSession(world, { settings: options });
        const { records } = await walkWindow(stream, session, day, (pages) => {
          for (const { like } of arrivals.filter(({ page }) => page === pages)) {
            world.calls.push(callAt(world.calls.length, stamps[like % stamps.length] ?? 0));
          }
        });
        const given = new Set(idsOf(records));
        expect(before.filter((id) => !given.has(id))).toEqual([]);
        const pages = Math.ceil(world.calls.length / options.mostRows);
        const isCalm = options.ties === 'steady' && arrivals.length === 0;
        expect(session.questions.length).toBeLessThanOrEqual(isCalm ? 2 * pages + 8 : 40 * pages);
      }),
      { numRuns: 40 },
    );
  });

  const isInside = ({ createdAtUs }: { createdAtUs: number }): boolean =>
    createdAtUs >= start * 1_000 && createdAtUs <= day.to * 1_000;
});

describe('an odd list', () => {
  it('passes rows without a readable stamp on, and walks by the others', async () => {
    const world = worldOf(spread(320));
    const spoil = edit(({ calls, ...rest }) => {
      const rows = (calls as object[]).map((row, i) =>
        i % 50 === 49 ? { ...row, created_at: i === 49 ? null : 'soon' } : row,
      );
      return { ...rest, calls: rows };
    });
    const { records } = await walk(world, { tamper: spoil });
    expect(new Set(idsOf(records))).toEqual(new Set(sortedIds(world)));
  });

  it('is read whole where its pages are silently smaller', async () => {
    const world = worldOf(spread(180));
    const { records } = await walk(world, { settings: { mostRows: 25 } });
    expect(new Set(idsOf(records))).toEqual(new Set(sortedIds(world)));
  });

  const withoutStamps = edit(({ calls, ...rest }) => {
    return { ...rest, calls: (calls as object[]).map((row) => ({ ...row, created_at: null })) };
  });

  it.each<[string, Tamper]>([
    ['ignores the dates', playing(ignoredDates())],
    ['gives no stamp at all', withoutStamps],
    ['is oldest first', playing(oldestFirst())],
    ['is empty where it counts more', playing(emptyPageWithMore())],
    ['begins anew for ever', playing(endlessList())],
    ['holds no list of calls', playing(oddList({ calls: {} }))],
  ])('is refused where it %s', async (_name, tamper) => {
    await expect(walk(worldOf(spread(450)), { tamper })).rejects.toThrow(ResponseInvalid);
  });

  it('ends with an empty page that counts nothing, whatever it says of more', async () => {
    const tamper = playing(oddList({ calls: [], total: undefined, has_more: true }));
    expect(await walk(worldOf(spread(450)), { tamper })).toMatchObject({ records: [], pages: 1 });
  });

  it('is told by the clock that answered', async () => {
    const page = await stream.fetchPage(magpipeSession(worldOf([0])), day, null);
    expect(page).toMatchObject({ servedAt: later(), sentAt: later(), next: null });
  });
});
