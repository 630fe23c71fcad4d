import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { connectors } from '#shared/providers/registry.ts';
import { type TestStore, testStore } from '#test/support/store.ts';
import { fixturesOf } from './fixtures.ts';
import { interruptionRules } from './kit/fault-rules.ts';

/** Faults in the middle of a walk: whatever question they meet, a later run comes to the same end. */

let opened: TestStore;
beforeAll(async () => {
  opened = await testStore();
});
afterAll(() => opened.close());

const walks = connectors.flatMap(fixturesOf).filter(({ scenario }) => scenario === 'walk');

// A rule that looks at nothing keeps nothing.
beforeEach(() => expect.hasAssertions());

describe.each(walks.map((fixture) => [fixture.name, fixture] as const))('%s', (_name, fixture) => {
  it.each(interruptionRules.map((rule) => [rule.name, rule] as const))('%s', (_rule, { holds }) =>
    holds(fixture, opened.store),
  );
});
