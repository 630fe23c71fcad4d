import { expect } from 'vitest';
import { html } from '#infra/local/fakes/faults/answer-faults.ts';
import type { LoggedRequest } from '#infra/local/fakes/provider.ts';
import { contentSchema } from '#shared/domain/conversation.ts';
import type { Stream } from '#shared/providers/connector.ts';
import { walkWindow } from '../walk.ts';
import { damagedForms, inPlaceOf } from './damaged-forms.ts';
import { playing } from './playing.ts';
import { answersOf } from './record-rules.ts';
import type { RunRule } from './rule.ts';
import { openRuns } from './runs.ts';
import { saying, undisturbed } from './saying.ts';

const question = ({ request }: LoggedRequest): string => `${request.method} ${request.url} ${request.body}`;

const storesWhatIsSaid: RunRule = {
  name: 'stores each record once, as it was normalized, and asks nothing twice',
  holds: async (fixture, store) => {
    const runs = await openRuns(store, fixture);
    expect(await runs.run()).toMatchObject({ stopped: 'done', error: null });
    const questions = runs.account.asked().map(question);
    expect(questions).toEqual([...new Set(questions)]);
    const told = new Map((await answersOf(fixture)).map((answer) => fixture.stream.normalize(answer)).map(byId));
    const stored = await runs.stored();
    expect(stored).toHaveLength(told.size);
    for (const record of stored) {
      const normalized = told.get(record?.conversation.externalId ?? '');
      expect(record?.conversation).toMatchObject({ version: 1, media: [] });
      expect(contentSchema.parse(record?.conversation)).toEqual(normalized?.content);
      expect(record?.transcript).toEqual(normalized?.transcript);
    }
    expect(await runs.quarantined()).toBe(0);
  },
};

const byId = <T extends { externalId: string }>(one: T): [string, T] => [one.externalId, one];

const readsAgainForFree: RunRule = {
  name: 'asks for the list alone when nothing has changed, and writes nothing',
  holds: async (fixture, store) => {
    const runs = await openRuns(store, fixture);
    await runs.run();
    const before = await runs.stored();
    const listing = fixture.session();
    const { records } = await walkWindow(fixture.stream, listing, fixture.window);
    const asked = runs.account.asked().length;
    runs.clock.advance(1_000);
    await runs.rewind();
    const { counts } = await runs.run();
    expect(counts).toEqual({ discovered: 0, updated: 0, unchanged: records.length, erased: 0, quarantined: 0 });
    expect(runs.account.asked().slice(asked).map(question)).toEqual(
      listing.asked.map(({ url, body }) => `${body === '' ? 'GET' : 'POST'} ${url.href} ${body}`),
    );
    expect(await runs.stored()).toEqual(before);
  },
};

const goesOnAtCursor: RunRule = {
  name: 'goes on at the page at which it was stopped',
  holds: async (fixture, store) => {
    const listing = fixture.session();
    await walkWindow(fixture.stream, listing, fixture.window);
    const expected = await undisturbed(fixture, store);
    for (const [page, { url, body }] of listing.asked.entries()) {
      if (page === 0) continue;
      const runs = await openRuns(store, fixture);
      const isPage = (request: { url: string; body: string }): boolean =>
        request.url === url.href && request.body === body;
      runs.account.faults.push({ match: isPage, fault: html() });
      expect(await runs.run()).toMatchObject({ stopped: 'failed', pages: page });
      const asked = runs.account.asked().length;
      playing(runs.account, null);
      expect(await runs.run()).toMatchObject({ stopped: 'done', error: null });
      const [first] = runs.account.asked().slice(asked);
      expect([first?.request.url, first?.request.body]).toEqual([url.href, body]);
      expect((await runs.stored()).map(saying)).toEqual(expected);
    }
  },
};

const setsDamagedAside: RunRule = {
  name: 'quarantines a damaged record by its name, stores the others, and takes it once it is mended',
  holds: async (fixture, store) => {
    const expected = await undisturbed(fixture, store);
    const [answer] = await answersOf(fixture);
    if (!answer) throw new Error('no record to damage');
    for (const damaged of damagedForms(fixture.stream, answer)) {
      let isMended = false;
      const fetchPage: Stream['fetchPage'] = async (...asked) => {
        const page = await fixture.stream.fetchPage(...asked);
        return isMended ? page : { ...page, records: inPlaceOf(answer.listed, damaged, page.records) };
      };
      const runs = await openRuns(store, fixture, { ...fixture.stream, fetchPage });
      expect(await runs.run()).toMatchObject({ stopped: 'done', error: null });
      expect((await runs.stored()).map(saying)).toEqual([null, ...expected.slice(1)]);
      expect(await runs.quarantined()).toBe(1);
      isMended = true;
      await runs.rewind();
      await runs.run();
      expect((await runs.stored()).map(saying)).toEqual(expected);
    }
  },
};

/** Of every scenario, and of the longest. */
export const runRules: readonly RunRule[] = [storesWhatIsSaid, readsAgainForFree];
export const walkRules: readonly RunRule[] = [goesOnAtCursor, setsDamagedAside];

/** Of a scenario whose first answers cannot be read. */
export const failingRules: readonly RunRule[] = [
  {
    name: 'ends in the named error, keeps its place, and loses nothing once the answers are good',
    holds: async (fixture, store) => {
      const runs = await openRuns(store, fixture);
      const before = await runs.checkpoint();
      const summary = await runs.run();
      expect(summary.stopped).toBe('failed');
      expect(summary.error).toMatchObject({ code: fixture.recorded.fails });
      expect((await runs.checkpoint()).live.watermark).toBe(before.live.watermark);
      runs.account.setPhase('later');
      expect(await runs.run()).toMatchObject({ stopped: 'done', error: null });
      expect((await runs.stored()).filter((record) => record === null)).toEqual([]);
      expect(await runs.quarantined()).toBe(0);
    },
  },
];
