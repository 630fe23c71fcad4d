import { expect } from 'vitest';
import type { FakeRequest } from '#infra/local/fakes/exchange.ts';
import type { Window } from '#shared/domain/checkpoint.ts';
import { RecordInvalid } from '#shared/domain/errors.ts';
import type { LedgerPage, Stream } from '#shared/providers/connector.ts';
import { type FakeSession, fakeSession } from '../fake-session.ts';
import { type Fixture, fixtureOf } from '../fixtures.ts';
import { walkLedger, walkWindow } from '../walk.ts';
import { damagedForms, inPlaceOf } from './damaged-forms.ts';
import { answersOf } from './record-rules.ts';
import { recordedAnswer } from './recorded.ts';
import type { Rule } from './rule.ts';

/** Names and stamps of the scenario's records, as they are stored, in the order of the names. */
async function storedPlaces(fixture: Fixture, window: Window): Promise<LedgerPage['listed']> {
  const { normalize, ledger } = fixture.stream;
  const told = (await answersOf(fixture)).map((answer) => normalize(answer));
  return byName(
    told.flatMap(({ externalId, content }) => {
      const ms = Date.parse(content[ledger.stamp] ?? '');
      return ms >= window.from && ms < window.to ? [{ externalId, stamp: new Date(ms).toISOString() }] : [];
    }),
  );
}

const byName = (places: LedgerPage['listed']): LedgerPage['listed'] =>
  places.toSorted((a, b) => (a.externalId < b.externalId ? -1 : 1));

const listsOnce: Rule = {
  name: 'keeps books of every record of the window, once, under the name and stamp that it is stored with',
  holds: async (fixture) => {
    const { stream, session, window } = fixture;
    const { listed, unreadable } = await walkLedger(stream, session(), window);
    expect(listed.length).toBeGreaterThan(0);
    expect(byName(listed)).toEqual(await storedPlaces(fixture, window));
    expect(unreadable).toBe(0);
  },
};

/** Answers to the books' questions in the order in which they were asked, whatever window is named. */
async function inOrder({ connector, stream, recorded, window, session }: Fixture): Promise<() => FakeSession> {
  const real = session();
  await walkLedger(stream, real, window);
  const answer = recordedAnswer(recorded, '/root');
  const bodies = real.asked.map(({ url, body }): FakeRequest => {
    return { method: body === '' ? 'GET' : 'POST', url: url.href, headers: {}, body };
  });
  return () => {
    let n = 0;
    return fakeSession({
      provider: connector.provider,
      accept: connector.accept,
      baseUrl: 'https://provider.example/root',
      token: 'none',
      now: () => window.to,
      respond: () => {
        const asked = bodies[n++];
        const told = asked && answer(asked);
        if (!told) throw new Error('more pages than there are');
        return told;
      },
    });
  };
}

const keepsEdges: Rule = {
  name: 'takes the start of a window into its books and leaves its end, whatever the provider lists',
  holds: async (fixture) => {
    const { stream, window } = fixture;
    const all = await storedPlaces(fixture, window);
    const anew = await inOrder(fixture);
    for (const edge of new Set(all.map(({ stamp }) => Date.parse(stamp)))) {
      for (const part of [
        { from: edge, to: window.to },
        { from: window.from, to: edge },
        { from: edge, to: edge + 1 },
      ]) {
        const { listed } = await walkLedger(stream, anew(), part);
        const inside = all.filter(({ stamp }) => Date.parse(stamp) >= part.from && Date.parse(stamp) < part.to);
        expect(byName(listed)).toEqual(inside);
      }
    }
    expect(all.length).toBeGreaterThan(0);
  },
};

const asksPagesAlone: Rule = {
  name: 'keeps its books for no more than the pages of the list',
  holds: async ({ stream, session, window }) => {
    const [listing, books] = [session(), session()];
    const { pages } = await walkWindow(stream, listing, window);
    await walkLedger(stream, books, window);
    expect(books.asked.length).toBeLessThanOrEqual(pages);
    const addresses = new Set(listing.asked.map(({ url }) => url.pathname));
    expect(books.asked.filter(({ url }) => !addresses.has(url.pathname))).toEqual([]);
  },
};

const countsUnreadable: Rule = {
  name: 'counts in its books what has no name or no stamp, and lists the others',
  holds: async ({ connector, stream, window, recorded, pushed, session }) => {
    const [whole, { records }] = [
      await walkLedger(stream, session(), window),
      await walkWindow(stream, session(), window),
    ];
    const [listed] = records;
    const { externalId } = stream.identify(listed);
    for (const damaged of [...damagedForms(stream, { listed, detail: null, sentAt: 0 }), 'text', 7, []]) {
      const exchange = recorded.exchange.map((each) => ({ ...each, body: inPlaceOf(listed, damaged, each.body) }));
      const options = { pushed, recorded: { ...recorded, exchange } };
      const spoiled = fixtureOf(connector, `${stream.name}.spoiled.json`, options);
      const books = await walkLedger(spoiled.stream, spoiled.session(), window);
      const others = whole.listed.filter((one) => one.externalId !== externalId);
      expect(byName(books.listed.filter((one) => one.externalId !== externalId))).toEqual(byName(others));
      // A record may come on two pages, and one that has no name is not known again.
      if (!isNamed(stream, damaged)) expect(books.unreadable).toBeGreaterThanOrEqual(1);
      expect(books.listed.length + books.unreadable).toBeGreaterThanOrEqual(whole.listed.length);
    }
  },
};

function isNamed(stream: Stream, listed: unknown): boolean {
  try {
    return stream.identify(listed).externalId !== '';
  } catch (error) {
    if (error instanceof RecordInvalid) return false;
    throw error;
  }
}

export const ledgerRules: readonly Rule[] = [listsOnce, keepsEdges, asksPagesAlone, countsUnreadable];
