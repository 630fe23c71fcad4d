import type { Page, Session } from '#shared/providers/connector.ts';
import { type Flaw, flaw, good, loose } from './flaw.ts';

const { fetchPage } = good;
const nothing: Page = { records: [], next: null, servedAt: 0, sentAt: 0 };
const issued = new WeakMap<Session, string | null>();

/** Flaws in how a connector lists. */
export const readingFlaws: readonly Flaw[] = [
  flaw('takes any answer for a page', /nothing but a page/, {
    fetchPage: async (session) => {
      const { body } = await session.getJson('/things');
      const { things = [] } = Object(body ?? {});
      return { ...nothing, records: Array.isArray(things) ? things : [] };
    },
  }),
  flaw('takes any failure for an empty page', [/names every fault/, /refused token once/, /stopped/], {
    fetchPage: (...asked) => fetchPage(...asked).catch(() => nothing),
  }),
  flaw('ignores the cursor', /any cursor/, { fetchPage: (session, window) => fetchPage(session, window, null) }),
  flaw('asks for each page twice', /no page twice/, {
    fetchPage: async (...asked) => {
      await fetchPage(...asked);
      return fetchPage(...asked);
    },
  }),
  flaw('knows its cursors only as long as its session lives', [/any cursor/, /stopped/], {
    fetchPage: async (session, window, cursor) => {
      const isKnown = cursor !== null && issued.get(session) === cursor;
      const page = await fetchPage(session, window, isKnown ? cursor : null);
      issued.set(session, page.next);
      return page;
    },
  }),
  flaw('leaves out what it does not understand', /damaged one/, {
    fetchPage: async (...asked) => {
      const page = await fetchPage(...asked);
      return { ...page, records: page.records.filter((record) => Object(record ?? {}).id !== undefined) };
    },
  }),
  flaw('names what has no name', /names no record/, {
    identify: (listed) => ({ externalId: String(loose(listed ?? {}).id), stamp: null }),
  }),
  flaw('minds the words of a content type', /odd but good/, {
    fetchPage: async (session, window, cursor) => {
      const { headers } = await session.getJson('/things');
      return headers['content-type'] === 'application/json' ? fetchPage(session, window, cursor) : nothing;
    },
  }),
];
