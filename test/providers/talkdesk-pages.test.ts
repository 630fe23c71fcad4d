import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  emptyPageWithNext,
  expiredCursor,
  loopingCursor,
  oddNext,
  repeatedInteraction,
} from '#infra/local/fakes/faults/talkdesk-pages.ts';
import { inventTalkdeskWorld } from '#infra/local/fakes/talkdesk/invent.ts';
import type { TalkdeskWorld } from '#infra/local/fakes/talkdesk/world.ts';
import type { Window } from '#shared/domain/checkpoint.ts';
import { RequestRejected, ResponseInvalid } from '#shared/domain/errors.ts';
import type { PendingReference, Session } from '#shared/providers/connector.ts';
import { talkdesk } from '#shared/providers/talkdesk/connector.ts';
import { fakeSession, type Tamper, talkdeskSession } from './fake-session.ts';
import { walkWindow } from './walk.ts';

const [stream] = talkdesk.streams;
if (!stream) throw new Error('no stream');
const { identify, again, fetchPage } = stream;
const fetchAgain = async (session: Session, reference: Omit<PendingReference, 'open'>) =>
  (await again.fetch(session, [{ ...reference, open: ['transcript'] }]))[0] ?? null;

const start = Date.parse('2026-03-02T00:00:00.000Z');
const week: Window = { from: start, to: start + 7 * 86_400_000 };
const later = (): number => week.to + 86_400_000;
const worldOf = (count: number): TalkdeskWorld =>
  inventTalkdeskWorld('connector', week.from, week.to, count, { turns: { min: 2, max: 5 } });

const idsOf = (records: readonly unknown[]): string[] => records.map((record) => identify(record).externalId).sort();
const worldIds = ({ interactions }: TalkdeskWorld): string[] => interactions.map(({ id }) => id).sort();

/** One fault of the fake, on the pages after the first `skip`. */
const through =
  (fault: { edit?: unknown; instead?: unknown }, skip = 0): Tamper =>
  (request, respond) => {
    if (skip-- > 0) return respond(request);
    const { edit, instead } = fault as ReturnType<typeof oddNext>;
    if (instead) return instead(request);
    const answer = respond(request);
    return edit
      ? edit({ ...answer, headers: { date: new Date(later()).toUTCString(), ...answer.headers } }, request)
      : answer;
  };

describe('pages', () => {
  it.each(['ascending', 'descending'] as const)(
    'reads a week of 230 interactions, listed %s, each once',
    async (order) => {
      const world = worldOf(230);
      const session = talkdeskSession(world, later, { settings: { order } });
      const { records, cursors } = await walkWindow(stream, session, week);
      expect(idsOf(records)).toEqual(worldIds(world));
      expect(session.asked).toHaveLength(5);
      expect(cursors.every((cursor) => /\+.*\/.*=|\/.*\+.*=/.test(cursor))).toBe(true);
      for (const { url } of session.asked) {
        expect(url.origin).toBe('https://api.talkdeskapp.com');
        expect(url.searchParams.get('interaction_started')).toBe('2026-03-02T00:00:00.000Z');
        expect(url.searchParams.get('interaction_ended')).toBe('2026-03-09T00:00:00.000Z');
      }
    },
  );

  it('goes on behind an empty page', async () => {
    const world = worldOf(120);
    let used = false;
    const once: Tamper = (request, respond) => {
      if (used || !request.url.includes('cursor=')) return respond(request);
      used = true;
      return through(emptyPageWithNext())(request, respond);
    };
    const { records, pages } = await walkWindow(stream, talkdeskSession(world, later, { tamper: once }), week);
    expect([idsOf(records), pages]).toEqual([worldIds(world), 4]);
  });

  it('hands on records that stand on two pages', async () => {
    const world = worldOf(120);
    const { records } = await walkWindow(
      stream,
      talkdeskSession(world, later, { tamper: through(repeatedInteraction()) }),
      week,
    );
    expect([...new Set(idsOf(records))]).toEqual(worldIds(world));
  });

  it('stops where a page names itself as the next', async () => {
    const session = talkdeskSession(worldOf(200), later, { tamper: through(loopingCursor()) });
    await expect(walkWindow(stream, session, week)).rejects.toThrow('names itself as the next');
  });

  it('hands an expired cursor up', async () => {
    const session = talkdeskSession(worldOf(200), later, { tamper: through(expiredCursor(), 1) });
    await expect(walkWindow(stream, session, week)).rejects.toThrow(RequestRejected);
  });

  const nextOf = async (next: unknown): Promise<string | null> => {
    const session = talkdeskSession(worldOf(1), later, { tamper: through(oddNext(next)) });
    return (await fetchPage(session, week, null)).next;
  };

  it.each<[unknown, string | null]>([
    [undefined, null],
    [null, null],
    ['', null],
    [{}, null],
    [{ href: null }, null],
    [{ href: '' }, null],
    [{ href: 'https://x.example/interactions?cursor=' }, null],
    [{ href: 'http://169.254.169.254/?a=1&cursor=Zc2pJPVrJFeH0fGPjDanmw==' }, 'Zc2pJPVrJFeH0fGPjDanmw=='],
    [{ href: 'https://x.example/interactions?cursor=a%2Bb%2Fc%3D%3D#top' }, 'a+b/c=='],
    [{ href: 'https://x.example/interactions?cursor=a+b/c==&limit=5' }, 'a+b/c=='],
    [{ href: 'https://x.example/interactions?cursor=50%25' }, '50%'],
    [{ href: 'https://x.example/interactions?cursor=50%' }, '50%'],
    [{ href: '?cursor=relative' }, 'relative'],
    ['https://x.example/interactions?cursor=text', 'text'],
  ])('reads from the link %j the cursor %j', async (next, cursor) => {
    expect(await nextOf(next)).toBe(cursor);
  });

  it.each([{ href: 'https://x.example/interactions' }, { href: 'https://x.example/cursor=1' }, { href: 7 }, 7])(
    'does not take %j for the end',
    async (next) => {
      await expect(nextOf(next)).rejects.toThrow(ResponseInvalid);
    },
  );

  it('sends any cursor back as it was given', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme', minLength: 1 }), async (cursor) => {
        const given = await nextOf({ href: `https://x.example/interactions?cursor=${encodeURIComponent(cursor)}` });
        const session = fakeSession({
          provider: 'talkdesk',
          baseUrl: 'https://x.example',
          token: 't',
          now: later,
          respond: () => ({ status: 200, headers: {}, body: '{"_embedded":{"interactions":[]}}' }),
        });
        await fetchPage(session, week, given);
        expect(session.asked[0]?.url.searchParams.get('cursor')).toBe(cursor);
      }),
      { numRuns: 200 },
    );
  });
});

describe('asking again', () => {
  const reference = (world: TalkdeskWorld, at: number, ended = true) => {
    const { id, startedAtUs, endedAtUs } = world.interactions[at] ?? { id: '', startedAtUs: 0, endedAtUs: 0 };
    const iso = (us: number): string => new Date(Math.floor(us / 1_000)).toISOString();
    return { externalId: id, startedAt: iso(startedAtUs), endedAt: ended ? iso(endedAtUs) : null };
  };

  it('finds one among many, in the pages of a narrow interval', async () => {
    const world = worldOf(60);
    const crowd = {
      interactions: world.interactions.map((record, i) => ({
        ...record,
        startedAtUs: start * 1_000 + i,
        endedAtUs: start * 1_000 + i,
      })),
    };
    const session = talkdeskSession(crowd, later, { settings: { pageSize: 7 } });
    const found = await fetchAgain(session, reference(crowd, 40));
    expect(found && identify(found.listed).externalId).toBe(crowd.interactions[40]?.id);
    const { searchParams } = session.asked[0]?.url ?? new URL('x:');
    expect(searchParams.get('interaction_started')).toBe('2026-03-01T23:59:59.000Z');
    expect(searchParams.get('interaction_ended')).toBe('2026-03-02T00:00:01.000Z');
  });

  it('is null for one that is no longer listed', async () => {
    const world = worldOf(5);
    const gone = { ...reference(world, 2), externalId: 'ffffffff-0000-4000-8000-000000000000' };
    expect(await fetchAgain(talkdeskSession(world, later), gone)).toBeNull();
    expect(await fetchAgain(talkdeskSession(world, later), { ...gone, startedAt: null })).toBeNull();
  });

  it('finds one that ended meanwhile, where the interval bounds ends too', async () => {
    const world = worldOf(5);
    const boundingEnds: Tamper = (request, respond) => {
      const to = new URL(request.url).searchParams.get('interaction_ended') ?? '';
      const answer = respond(request);
      const body = JSON.parse(String(answer.body));
      const interactions = body._embedded.interactions.filter(
        (record: { ended_at: string }) => Date.parse(record.ended_at) < Date.parse(to),
      );
      return { ...answer, body: JSON.stringify({ ...body, _embedded: { interactions } }) };
    };
    const session = talkdeskSession(world, later, { tamper: boundingEnds });
    const found = await fetchAgain(session, reference(world, 3, false));
    expect(found && identify(found.listed).externalId).toBe(world.interactions[3]?.id);
  });

  it('never asks for more than seven days', async () => {
    const session = talkdeskSession(worldOf(1), later);
    const long = { externalId: 'x', startedAt: '2026-03-02T00:00:00.000Z', endedAt: '2026-03-20T00:00:00.000Z' };
    expect(await fetchAgain(session, long)).toBeNull();
  });
});
