import { expect } from 'vitest';
import { conversationId } from '#shared/domain/identity.ts';
import type { Answer, PendingReference } from '#shared/providers/connector.ts';
import type { Fixture } from '../fixtures.ts';
import { answersFor, walkWindow } from '../walk.ts';
import type { Phase } from './recorded.ts';
import type { Rule } from './rule.ts';
import { expectSound } from './sound.ts';

/** All records of a scenario with their details. */
export async function answersOf({ stream, session, window }: Fixture, phase: Phase = 'first'): Promise<Answer[]> {
  const asked = session(phase);
  const { records } = await walkWindow(stream, asked, window);
  return answersFor(stream, asked, records);
}

const isRepeatable: Rule = {
  name: 'makes the same of the same answer, every time, and leaves the answer as it came',
  holds: async (fixture) => {
    const { connector, stream } = fixture;
    const answers = await answersOf(fixture);
    expect(answers.length).toBeGreaterThan(0);
    const before = structuredClone(answers);
    const first = answers.map((answer) => stream.normalize(answer));
    expect(answers).toEqual(before);
    const again = (await answersOf(fixture)).map((answer) => stream.normalize(structuredClone(answer)));
    expect(again).toEqual(first);
    for (const normalized of first) expectSound(connector, normalized);
  },
};

const hasOneId: Rule = {
  name: 'says the same of a record alone and whole, under one id',
  holds: async (fixture) => {
    const { connector, stream } = fixture;
    const ids = new Set<string>();
    for (const answer of await answersOf(fixture)) {
      const { externalId, stamp } = stream.identify(answer.listed);
      const normalized = stream.normalize(answer);
      expect(normalized).toMatchObject({ externalId, stamp });
      const alone = stream.normalize({ ...answer, detail: null });
      expectSound(connector, alone);
      expect(alone).toMatchObject({ externalId, stamp, scope: stream.details ? 'listing' : 'whole' });
      ids.add(conversationId('acme', externalId));
    }
    expect(ids.size).toBeGreaterThan(0);
  },
};

const asksInBatches: Rule = {
  name: 'answers a batch as it answers one by one, in the order asked',
  holds: async ({ stream, session, window }) => {
    const { records } = await walkWindow(stream, session(), window);
    const together = await answersFor(stream, session(), records);
    expect(await answersFor(stream, session(), records, 1)).toEqual(together);
    const turned = await answersFor(stream, session(), records.toReversed());
    expect(turned.toReversed()).toEqual(together);
  },
};

const findsAgain: Rule = {
  name: 'finds records again by their references, one by one and in batches',
  holds: async (fixture) => {
    const { connector, stream, session } = fixture;
    const told = (await answersOf(fixture)).map((answer) => stream.normalize(answer));
    const references = told.map(({ externalId, content: { startedAt, endedAt } }): PendingReference => {
      return { externalId, startedAt, endedAt, open: connector.promised };
    });
    const { most, fetch } = stream.again;
    for (const size of new Set([1, most])) {
      for (let i = 0; i < references.length; i += size) {
        const again = await fetch(session(), references.slice(i, i + size));
        expect(again).toHaveLength(Math.min(size, references.length - i));
        for (const [n, answer] of again.entries()) {
          expect(answer, references[i + n]?.externalId).not.toBeNull();
          const found = answer && stream.normalize(answer);
          if (found?.scope !== 'artifacts') expect(found).toEqual(told[i + n]);
          else expect([found.externalId, found.artifacts]).toEqual([told[i + n]?.externalId, told[i + n]?.artifacts]);
        }
      }
    }
  },
};

export const recordRules: readonly Rule[] = [isRepeatable, hasOneId, asksInBatches, findsAgain];
