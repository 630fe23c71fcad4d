import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { connectors } from '#shared/providers/registry.ts';
import { type TestStore, testStore } from '#test/support/store.ts';
import { fixturesOf } from './fixtures.ts';
import { faultRules } from './kit/fault-rules.ts';

/** Faults of a provider as a run sees them, over every connector's walk, through the real session and the real store. */

let opened: TestStore;
beforeAll(async () => {
  opened = await testStore();
});
afterAll(() => opened.close());

const walks = connectors.flatMap(fixturesOf).filter(({ scenario }) => scenario === 'walk');

// A rule that looks at nothing keeps nothing.
beforeEach(() => expect.hasAssertions());

describe.each(walks.map((fixture) => [fixture.name, fixture] as const))('%s', (_name, fixture) => {
  it.each(faultRules.map((rule) => [rule.name, rule] as const))('%s', (_rule, { holds }) =>
    holds(fixture, opened.store),
  );
});
