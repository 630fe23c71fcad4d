import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestStore, testStore } from '#test/support/store.ts';
import { askingFlaws, mediaFlaws } from './kit/asking-flaws.ts';
import { damageRules } from './kit/damage-rules.ts';
import { faultRules, interruptionRules } from './kit/fault-rules.ts';
import { hintFlaws } from './kit/hint-flaws.ts';
import { hintRules, hintRunRules } from './kit/hint-rules.ts';
import { lateRules } from './kit/late-rules.ts';
import { ledgerFlaws } from './kit/ledger-flaws.ts';
import { ledgerRules } from './kit/ledger-rules.ts';
import { mediaRules } from './kit/media-rules.ts';
import { normalizingFlaws } from './kit/normalizing-flaws.ts';
import { pageRules } from './kit/page-rules.ts';
import { plain, plainFixture } from './kit/planted.ts';
import { readingFlaws } from './kit/reading-flaws.ts';
import { recordRules } from './kit/record-rules.ts';
import type { RunRule } from './kit/rule.ts';
import { failingRules, runRules, walkRules } from './kit/run-rules.ts';

/** The kit itself: a connector without a flaw keeps every rule, and every rule is broken by some flaw. */

let opened: TestStore;
beforeAll(async () => {
  opened = await testStore();
});
afterAll(() => opened.close());

const ofRecords: readonly RunRule[] = [...pageRules, ...recordRules, ...damageRules, ...hintRules, ...ledgerRules];
const ofRuns = [
  ...runRules,
  ...walkRules,
  ...faultRules,
  ...interruptionRules,
  ...lateRules,
  ...mediaRules,
  ...hintRunRules,
];
const rules = [...ofRecords, ...ofRuns, ...failingRules];
const flaws = [...readingFlaws, ...normalizingFlaws, ...askingFlaws, ...mediaFlaws, ...hintFlaws, ...ledgerFlaws];
const isFailing = (rule: RunRule): boolean => failingRules.includes(rule);

describe('the plain connector', () => {
  it.each(rules.map((rule) => [rule.name, rule] as const))('%s', (_name, rule) =>
    rule.holds(plainFixture(plain, { fails: isFailing(rule) }), opened.store),
  );
});

describe('a connector that', () => {
  it.each(flaws.map((flaw) => [flaw.name, flaw] as const))('%s', async (_name, { connector, breaks }) => {
    for (const pattern of breaks) {
      const broken = rules.filter(({ name }) => pattern.test(name));
      expect(broken, String(pattern)).toHaveLength(1);
      for (const rule of broken) {
        const holds = async () => rule.holds(plainFixture(connector, { fails: isFailing(rule) }), opened.store);
        await expect(holds(), rule.name).rejects.toThrow();
      }
    }
  });
});

it('breaks every rule with some flaw', () => {
  const patterns = flaws.flatMap(({ breaks }) => breaks);
  expect(rules.filter(({ name }) => !patterns.some((pattern) => pattern.test(name)))).toEqual([]);
});
