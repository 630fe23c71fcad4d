import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { connectors } from '#shared/providers/registry.ts';
import { type TestStore, testStore } from '#test/support/store.ts';
import { fixturesOf } from './fixtures.ts';
import { failingRules, runRules, walkRules } from './kit/run-rules.ts';

/** What every connector keeps when the real engine runs it, through the real session and over the real store. */

let opened: TestStore;
beforeAll(async () => {
  opened = await testStore();
});
afterAll(() => opened.close());

const all = connectors.flatMap(fixturesOf);
const cases = all.flatMap((fixture) => {
  if (fixture.recorded.fails !== undefined) return [[fixture, failingRules] as const];
  return [[fixture, fixture.scenario === 'walk' ? [...runRules, ...walkRules] : runRules] as const];
});

// A rule that looks at nothing keeps nothing.
beforeEach(() => expect.hasAssertions());

describe.each(cases.map(([fixture, rules]) => [fixture.name, fixture, rules] as const))(
  '%s',
  (_name, fixture, rules) => {
    it.each(rules.map((rule) => [rule.name, rule] as const))('%s', (_rule, { holds }) => holds(fixture, opened.store));
  },
);
