import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editJson } from '#infra/local/fakes/faults/edit-json.ts';
import { inventTalkdeskWorld } from '#infra/local/fakes/talkdesk/invent.ts';
import type { TalkdeskWorld } from '#infra/local/fakes/talkdesk/world.ts';
import type { Window } from '#shared/domain/checkpoint.ts';
import type { Session, Stream } from '#shared/providers/connector.ts';
import { earshot } from '#shared/providers/earshot/connector.ts';
import { salesloft } from '#shared/providers/salesloft/connector.ts';
import { talkdesk } from '#shared/providers/talkdesk/connector.ts';
import { fakeSession, salesloftSession, type Tamper, talkdeskSession } from './fake-session.ts';
import * as magpipe from './magpipe-worlds.ts';
import * as sales from './salesloft-worlds.ts';
import { walkLedger, walkWindow } from './walk.ts';

/** The books of worlds that are large, crowded or moving; what every connector keeps stands in kit/ledger-rules.ts. */

const streamOf = ({ streams: [stream] }: { streams: readonly Stream[] }): Stream => {
  if (!stream) throw new Error('no stream');
  return stream;
};
const [listed, started, copied] = [streamOf(salesloft), streamOf(talkdesk), streamOf(earshot)];

const hour = 3_600_000;
const day: Window = magpipe.day;
const later = magpipe.later;
const names = ({ listed: places }: Awaited<ReturnType<typeof walkLedger>>) =>
  places.map(({ externalId }) => externalId).sort();

/** A window's books as those of its parts. */
async function inParts(stream: Stream, session: () => Session, window: Window, edges: readonly number[]) {
  const cuts = [window.from, ...new Set(edges.toSorted((a, b) => a - b)), window.to];
  const parts = await Promise.all(
    cuts.slice(1).map((to, i) => walkLedger(stream, session(), { from: cuts[i] ?? to, to })),
  );
  return parts.flatMap(names).sort();
}

const edges = fc.array(fc.integer({ min: day.from + 1, max: day.to - 1 }), { maxLength: 4 });
/** Microseconds of the day, near each other and near the edges of milliseconds. */
const us = fc.oneof(
  fc.nat(5_000),
  fc.nat(24 * 3_600_000 - 1).map((ms) => ms * 1_000),
);

describe('Salesloft', () => {
  const spread = (count: number, stepUs: number) =>
    Array.from({ length: count }, (_, i) => ({ updated: 2 * 86_400_000_000 - i, created: i * stepUs }));

  it('lists 5,000 conversations by their creation for the least cost, always at page 1', async () => {
    const world = sales.worldOf(spread(5_000, 1_000_003));
    const session = salesloftSession(world, () => later() + 24 * hour);
    expect(names(await walkLedger(listed, session, day))).toEqual(sales.sortedIds(world));
    expect(session.asked.reduce((sum, { real }) => sum + real, 0)).toBeLessThanOrEqual(52);
    expect(new Set(session.asked.map(({ url }) => url.searchParams.get('page')))).toEqual(new Set(['1']));
    expect(new Set(session.asked.map(({ url }) => url.searchParams.get('sort_by')))).toEqual(new Set(['created_at']));
  });

  it('reads a span whole by creation, whatever has changed since', async () => {
    const world = sales.worldOf(spread(250, 60_000_003));
    const session = salesloftSession(world, () => later() + 24 * hour);
    const { fetchSpan = listed.fetchPage } = listed;
    expect((await walkWindow(listed, session, day)).records).toEqual([]);
    const { records } = await walkWindow({ ...listed, fetchPage: fetchSpan }, session, day);
    expect(records.map((record) => listed.identify(record).externalId).sort()).toEqual(sales.sortedIds(world));
  });

  it('finds 330 of one creation by their change, also those that change meanwhile', async () => {
    const world = sales.worldOf(
      Array.from({ length: 330 }, (_, i) => ({ created: 5_000_000, updated: 6_000_000 + i })),
    );
    const session = salesloftSession(world, later);
    const books = await walkLedger(listed, session, day, (pages) => {
      for (const record of world.conversations.slice(-40)) record.updatesUs.push(sales.startUs + 9_000_000 * pages);
      world.revision += 1;
    });
    expect([...new Set(names(books))]).toEqual(sales.sortedIds(world));
    expect(new Set(session.asked.map(({ url }) => url.searchParams.get('page')))).toEqual(new Set(['1']));
  });

  it('has the same books in any parts of the day', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(us, { minLength: 1, maxLength: 120 }), edges, async (stamps, cuts) => {
        const world = sales.worldOf(stamps.map((created) => ({ created, updated: created + 7 })));
        const parts = await inParts(listed, () => salesloftSession(world, later), day, cuts);
        expect(parts).toEqual(sales.sortedIds(world));
      }),
      { numRuns: 20 },
    );
  });
});

it('Magpipe has the same books in any parts of the day', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(us, { minLength: 1, maxLength: 120 }), edges, async (stamps, cuts) => {
      const world = magpipe.worldOf(stamps);
      const parts = await inParts(magpipe.stream, () => magpipe.magpipeSession(world), day, cuts);
      expect(parts).toEqual(magpipe.sortedIds(world));
    }),
    { numRuns: 20 },
  );
});

describe('Talkdesk', () => {
  const world: TalkdeskWorld = inventTalkdeskWorld('ledger', day.from, day.to, 60, { turns: { min: 1, max: 2 } });
  const ids = world.interactions.map(({ id }) => id).sort();
  /** The other reading of the interval: what lies in it with start and end. */
  const boundsEnds: Tamper = (request, respond) => {
    const to = Date.parse(new URL(request.url).searchParams.get('interaction_ended') ?? '');
    return editJson(respond(request), (body) => {
      const { _embedded: list } = body as { _embedded: { interactions: { ended_at: string }[] } };
      list.interactions = list.interactions.filter(({ ended_at: ended }) => Date.parse(ended) <= to);
      return body;
    });
  };

  it.each([
    ['starts alone', undefined],
    ['starts and ends', boundsEnds],
  ])('has the same books in parts of the day where its interval bounds %s', async (_name, tamper) => {
    const session = () => talkdeskSession(world, later, tamper && { tamper });
    const cuts = world.interactions.slice(0, 20).map(({ startedAtUs }) => Math.floor(startedAtUs / 1_000) + 1);
    expect(await inParts(started, session, day, cuts)).toEqual(ids);
  });

  it('is never asked for more than seven days', () => {
    const { maxWindowMs } = started.ledger;
    const session = talkdeskSession(world, later);
    return expect(
      walkLedger(started, session, { from: day.to - maxWindowMs, to: day.to }).then(names),
    ).resolves.toEqual(ids);
  });
});

it('another Earshot that no longer takes a cursor is asked from the last start on', async () => {
  const row = (n: number) => ({
    id: `c:${n}`,
    updatedAt: '2026-03-02T12:00:00Z',
    startedAt: `2026-03-02T0${n}:00:00.000Z`,
  });
  const session = fakeSession({
    provider: 'earshot',
    baseUrl: 'https://other.example',
    token: 't',
    now: later,
    respond: ({ url }) => {
      const { searchParams } = new URL(url);
      if (searchParams.has('cursor')) return { status: 400, headers: {}, body: '{}' };
      const from = searchParams.get('startedFrom') ?? '';
      const rows = [1, 2, 3].map(row).filter(({ startedAt }) => startedAt >= from);
      const nextCursor = rows.length > 2 ? 'old' : null;
      return { status: 200, headers: {}, body: JSON.stringify({ conversations: rows.slice(0, 2), nextCursor }) };
    },
  });
  expect([...new Set(names(await walkLedger(copied, session, day)))]).toEqual(['c:1', 'c:2', 'c:3']);
  expect(session.asked.at(-1)?.url.searchParams.get('startedTo')).toBe('2026-03-03T00:00:00.000Z');
});
