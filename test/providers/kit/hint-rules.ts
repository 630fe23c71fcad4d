import { expect } from 'vitest';
import type { Delivery, Hint } from '#shared/domain/delivery.ts';
import { NotAtProvider } from '#shared/domain/errors.ts';
import { ingestHints } from '#shared/ingest/ingest-hint.ts';
import type { Session } from '#shared/providers/connector.ts';
import { changed, pathsOf, wrongs } from '../damage.ts';
import type { Fixture } from '../fixtures.ts';
import { answersOf } from './record-rules.ts';
import type { Rule, RunRule } from './rule.ts';
import { openRuns, type Runs } from './runs.ts';
import { saying, undisturbed } from './saying.ts';

const hintsOf = async (fixture: Fixture): Promise<Hint[]> => {
  const ids = (await answersOf(fixture)).map(({ listed }) => fixture.stream.identify(listed).externalId);
  return [...new Set(ids)].map((externalId) => ({ externalId, startedAt: null }));
};

const givesWholeRecords: Rule = {
  name: 'gives by their ids what listing and details give, one by one and in batches',
  holds: async (fixture) => {
    const { stream, session } = fixture;
    const told = new Map((await answersOf(fixture)).map((answer) => stream.normalize(answer)).map(byId));
    const hints = await hintsOf(fixture);
    for (const size of new Set([1, stream.hinted.most])) {
      for (let i = 0; i < hints.length; i += size) {
        const asked = hints.slice(i, i + size);
        const answers = await stream.hinted.fetch(session('hinted'), asked);
        expect(answers).toHaveLength(asked.length);
        for (const [n, answer] of answers.entries())
          expect(answer && stream.normalize(answer)).toEqual(told.get(asked[n]?.externalId ?? ''));
      }
    }
  },
};

const byId = <T extends { externalId: string }>(one: T): [string, T] => [one.externalId, one];

const knowsWhatIsNotThere: Rule = {
  name: 'gives nothing for an id that nothing has',
  holds: async (fixture) => {
    const { pushed, stream } = fixture;
    const session = orNotFound(fixture);
    const nobody: Hint = { externalId: pushed.nobody, startedAt: null };
    expect(await stream.hinted.fetch(session, [nobody])).toEqual([null]);
  },
};

/** Whatever is not recorded is not there. */
function orNotFound({ session }: Fixture): Session {
  const given = session('hinted');
  const orNone =
    <Asked extends unknown[], Told>(ask: (...asked: Asked) => Promise<Told>) =>
    (...asked: Asked): Promise<Told> =>
      ask(...asked).catch((error: unknown) => {
        throw String(error).includes('nothing recorded') ? new NotAtProvider('404') : error;
      });
  return { ...given, getJson: orNone(given.getJson), postJson: orNone(given.postJson) };
}

const readsDeliveries: Rule = {
  name: 'reads the hints of what is pushed, and of an unsigned delivery the id alone',
  holds: async ({ connector, pushed }) => {
    const { hints } = connector.webhook;
    for (const { hints: expected, ...delivery } of pushed.deliveries) {
      expect(hints(delivery), JSON.stringify(delivery.body)).toEqual(expected);
      const believed = expected.map((hint) => ({ ...hint, startedAt: null }));
      expect(hints({ ...delivery, isSigned: false })).toEqual(believed);
    }
  },
};

/** So many conversations no delivery is about. */
const mostHints = 50;

const survivesDeliveries: Rule = {
  name: 'takes whatever is pushed, damaged or endless, and makes few sound hints of it',
  holds: async ({ connector, pushed }) => {
    const expectSound = (delivery: Delivery): void => {
      const hints = connector.webhook.hints(delivery);
      expect(hints.length).toBeLessThanOrEqual(mostHints);
      for (const { externalId, startedAt } of hints) {
        expect(externalId).toMatch(/^(?!\.+$).{1,512}$/s);
        expect(externalId.isWellFormed()).toBe(true);
        if (startedAt !== null) expect(new Date(startedAt).toISOString()).toBe(startedAt);
      }
    };
    for (const { event, isSigned, body } of pushed.deliveries) {
      for (const wrong of [...wrongs, undefined]) {
        for (const path of pathsOf(body)) expectSound({ event, isSigned, body: changed(body, path, wrong) });
      }
      const many = Array.from({ length: 200 }, (_, n) => renamed(body, pushed.deliveries[0]?.hints[0], n));
      expectSound({ event, isSigned, body: many });
    }
  },
};

/** The same of another conversation: its id with another end. */
const renamed = (body: unknown, hint: Hint | undefined, n: number): unknown => {
  const id = hint?.externalId ?? '';
  const other = id.slice(0, -4) + String(n).padStart(4, '0');
  return JSON.parse(JSON.stringify(body).replaceAll(id, other));
};

export const hintRules: readonly Rule[] = [givesWholeRecords, knowsWhatIsNotThere, readsDeliveries, survivesDeliveries];

/** Asks for all records of the scenario as a webhook does. */
async function hintAll(runs: Runs, fixture: Fixture, store: Parameters<RunRule['holds']>[1]) {
  runs.account.setPhase('hinted');
  const work = { key: ['delivery'], at: runs.clock.now() };
  const run = { connector: fixture.connector, store, now: runs.clock.now, slowPutMs: 5_000, work };
  const ends = await ingestHints({ ...run, session: await runs.openSession() }, await hintsOf(fixture));
  expect(runs.account.unrecorded).toEqual([]);
  runs.account.setPhase('first');
  return ends.map(({ became }) => became);
}

const hintAfterPoll: RunRule = {
  name: 'writes nothing when a hint comes behind the poll',
  holds: async (fixture, store) => {
    const runs = await openRuns(store, fixture);
    await runs.run();
    const before = await runs.stored();
    const ends = await hintAll(runs, fixture, store);
    expect(ends).toEqual(before.map(() => 'unchanged'));
    expect(await runs.stored()).toEqual(before);
  },
};

const pollAfterHint: RunRule = {
  name: 'stores by hints what a poll stores, and writes nothing when the poll comes behind',
  holds: async (fixture, store) => {
    const runs = await openRuns(store, fixture);
    const expected = await undisturbed(fixture, store);
    runs.account.connect();
    expect(await hintAll(runs, fixture, store)).toEqual(expected.map(() => 'discovered'));
    const hinted = await runs.stored();
    expect(hinted.map(saying)).toEqual(expected);
    runs.clock.advance(1_000);
    expect(await runs.run()).toMatchObject({ counts: { discovered: 0, updated: 0, quarantined: 0 } });
    expect(await runs.stored()).toEqual(hinted);
  },
};

/** Of a hint and a poll that meet on one conversation. */
export const hintRunRules: readonly RunRule[] = [hintAfterPoll, pollAfterHint];
