import { expect } from 'vitest';
import { RecordInvalid, ResponseInvalid } from '#shared/domain/errors.ts';
import type { Stream } from '#shared/providers/connector.ts';
import { fakeSession } from '../fake-session.ts';
import { type Fixture, fixtureOf } from '../fixtures.ts';
import { walkWindow } from '../walk.ts';
import { damagedForms, inPlaceOf } from './damaged-forms.ts';
import type { Rule } from './rule.ts';

const noPages: readonly unknown[] = [
  '<html></html>',
  null,
  7,
  {},
  { data: {} },
  { data: null },
  { _embedded: {} },
  { items: {} },
  { calls: null },
  { error: 'no' },
];

const takesOnlyPages: Rule = {
  name: 'takes nothing but a page for a page',
  holds: async ({ connector, stream, window }) => {
    for (const body of noPages) {
      const session = fakeSession({
        provider: connector.provider,
        accept: connector.accept,
        baseUrl: 'https://provider.example',
        token: 't',
        now: () => 0,
        respond: () => ({ status: 200, headers: {}, body: JSON.stringify(body) }),
      });
      await expect(stream.fetchPage(session, window, null), JSON.stringify(body)).rejects.toThrow(ResponseInvalid);
    }
  },
};

const honoursCursors: Rule = {
  name: 'goes on from any cursor to the same end',
  holds: async (fixture) => {
    const { stream, session, window } = fixture;
    const whole = await walkWindow(stream, session(), window);
    // All pages but the last name a next one.
    expect(whole.cursors).toHaveLength(whole.pages - 1);
    for (const cursor of whole.cursors) {
      const rest = await restBehind(fixture, cursor);
      // Not a page less, and not from the beginning again.
      expect(rest.pages).toBe(whole.pages - 1 - whole.cursors.indexOf(cursor));
      expect(whole.records.slice(whole.records.length - rest.records.length)).toEqual(rest.records);
    }
  },
};

async function restBehind({ stream, session, window }: Fixture, from: string) {
  const records: unknown[] = [];
  let pages = 0;
  // A kept cursor is used by another run.
  for (let cursor: string | null = from; cursor !== null; ) {
    const page: Awaited<ReturnType<Stream['fetchPage']>> = await stream.fetchPage(session(), window, cursor);
    records.push(...page.records);
    pages += 1;
    cursor = page.next;
    if (pages > 1_000) throw new Error('pages without end');
  }
  return { records, pages };
}

const asksNothingTwice: Rule = {
  name: 'asks for no page twice',
  holds: async ({ stream, session, window }) => {
    const asked = session();
    await walkWindow(stream, asked, window);
    const questions = asked.asked.map(({ url, body }) => `${url} ${body}`);
    expect(questions).toEqual([...new Set(questions)]);
  },
};

const identifiesOrRefuses: Rule = {
  name: 'refuses what names no record',
  holds: async ({ stream }) => {
    for (const listed of [undefined, null, 0, 'text', [], {}, { id: null }, [{ id: 'a' }]])
      expect(() => stream.identify(listed), JSON.stringify(listed)).toThrow(RecordInvalid);
  },
};

const pagesSurviveRecords: Rule = {
  name: 'gives the other records of a page with a damaged one, and that one as it came',
  holds: async ({ connector, stream, window, recorded, pushed, session }) => {
    const { records } = await stream.fetchPage(session(), window, null);
    const [listed] = records;
    const [detail = null] = (await stream.details?.fetch(session(), records.slice(0, 1))) ?? [];
    const forms = [...damagedForms(stream, { listed, detail, sentAt: 0 }), 'text', 7, []];
    for (const damaged of forms) {
      const exchange = recorded.exchange.map((each) => ({ ...each, body: inPlaceOf(listed, damaged, each.body) }));
      const spoiled = fixtureOf(connector, `${stream.name}.spoiled.json`, {
        pushed,
        recorded: { ...recorded, exchange },
      });
      const page = await spoiled.stream.fetchPage(spoiled.session(), window, null);
      expect(page.records).toEqual([damaged, ...records.slice(1)]);
    }
  },
};

export const pageRules: readonly Rule[] = [
  takesOnlyPages,
  honoursCursors,
  asksNothingTwice,
  identifiesOrRefuses,
  pagesSurviveRecords,
];
