import * as fc from 'fast-check';
import { expect } from 'vitest';
import { RecordInvalid } from '#shared/domain/errors.ts';
import type { Answer } from '#shared/providers/connector.ts';
import { changed, pathsOf, wrongs } from '../damage.ts';
import { answersOf } from './record-rules.ts';
import type { Rule } from './rule.ts';
import { expectSound, normalizeOrRefuse } from './sound.ts';

const anyJson = fc.oneof({ arbitrary: fc.constantFrom(...wrongs), weight: 2 }, fc.jsonValue({ maxDepth: 3 }));

/** Fields that may be essential to a record, the answer's own parts included; `wrongs` has "gone" at this place. */
const mostEssentials = 8;
const goneAt = 0;

const survivesOneDamage: Rule = {
  name: 'survives every field gone or of every wrong kind, one at a time',
  holds: async (fixture) => {
    const { connector, stream } = fixture;
    const seen = new Set<string>();
    const refused = new Set<string>();
    for (const { sentAt, ...answer } of await answersOf(fixture)) {
      for (const path of pathsOf(answer)) {
        // One element of a list, and one record, stand for all that look alike.
        const shape = path.map((key) => (/^\d+$/.test(String(key)) ? '#' : key)).join('.');
        if (seen.has(shape)) continue;
        seen.add(shape);
        for (const wrong of wrongs) {
          // An answer in which one value was replaced, of whatever kind that is.
          const damaged = changed(answer, path, wrong) as Partial<Answer> | null;
          const { listed, detail = null } = damaged ?? {};
          const normalized = normalizeOrRefuse(stream, { listed, detail, sentAt });
          if (normalized) expectSound(connector, normalized);
          else refused.add(`${shape} ${wrongs.indexOf(wrong)}`);
        }
      }
    }
    // Whatever takes anything for a record would store junk; whatever needs much of it would set good ones aside.
    expect(refused.size).toBeGreaterThan(10);
    const essentials = [...refused].filter((each) => each.endsWith(` ${goneAt}`));
    expect(essentials.length, essentials.join()).toBeLessThan(mostEssentials);
  },
};

const survivesManyDamages: Rule = {
  name: 'survives several damages at once',
  holds: async (fixture) => {
    const { connector, stream } = fixture;
    const answers = await answersOf(fixture);
    const damage = fc.record({
      which: fc.nat(),
      where: fc.array(fc.nat(), { minLength: 1, maxLength: 4 }),
      to: anyJson,
    });
    await fc.assert(
      fc.property(damage, ({ which, where, to }) => {
        let answer: unknown = answers[which % answers.length];
        for (const place of where) {
          const paths = pathsOf(answer).filter(([first]) => first === 'listed' || first === 'detail');
          answer = changed(answer, paths[place % paths.length] ?? [], to);
        }
        // As above: only values inside were replaced.
        const { listed, detail } = { listed: undefined, detail: null, ...(answer as Partial<Answer>) };
        const normalized = normalizeOrRefuse(stream, { listed, detail, sentAt: 0 });
        if (normalized) expectSound(connector, normalized);
      }),
      { numRuns: 100 },
    );
    expect(Object.prototype).not.toHaveProperty('polluted');
  },
};

const quotesNothing: Rule = {
  name: 'never repeats a value of a refused record',
  holds: async (fixture) => {
    const secret = 'Ada Lovelace +441632960111';
    for (const { listed } of await answersOf(fixture)) {
      for (const key of Object.keys(Object(listed))) {
        for (const wrong of [secret, { name: secret }, [secret]]) {
          try {
            fixture.stream.normalize({ listed: { ...Object(listed), [key]: wrong }, detail: null, sentAt: 0 });
          } catch (error) {
            if (!(error instanceof RecordInvalid)) throw error;
            expect(JSON.stringify([error.message, error.issues])).not.toContain('Ada');
          }
        }
      }
    }
  },
};

export const damageRules: readonly Rule[] = [survivesOneDamage, survivesManyDamages, quotesNothing];
