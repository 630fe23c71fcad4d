import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { connectors } from '#shared/providers/registry.ts';
import { type TestStore, testStore } from '#test/support/store.ts';
import { fixturesOf } from './fixtures.ts';
import { lateRules } from './kit/late-rules.ts';

/** What comes late at a provider: the due lane asks for it and fills it in. */

let opened: TestStore;
beforeAll(async () => {
  opened = await testStore();
});
afterAll(() => opened.close());

const late = connectors.flatMap(fixturesOf).filter(({ recorded }) => recorded.changed !== undefined);

// A rule that looks at nothing keeps nothing.
beforeEach(() => expect.hasAssertions());

describe.each(late.map((fixture) => [fixture.name, fixture] as const))('%s', (_name, fixture) => {
  it.each(lateRules.map((rule) => [rule.name, rule] as const))('%s', (_rule, { holds }) =>
    holds(fixture, opened.store),
  );
});
