import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { connectors } from '#shared/providers/registry.ts';
import { type TestStore, testStore } from '#test/support/store.ts';
import { fixturesOf } from './fixtures.ts';
import { hintRules, hintRunRules } from './kit/hint-rules.ts';

/** What is pushed by a provider: which conversations it is about, and that asking for these gives what a poll gives. */

let opened: TestStore;
beforeAll(async () => {
  opened = await testStore();
});
afterAll(() => opened.close());

const good = connectors.flatMap(fixturesOf).filter(({ recorded }) => recorded.fails === undefined);

// A rule that looks at nothing keeps nothing.
beforeEach(() => expect.hasAssertions());

describe.each(good.map((fixture) => [fixture.name, fixture] as const))('%s', (_name, fixture) => {
  it.each([...hintRules, ...hintRunRules].map((rule) => [rule.name, rule] as const))('%s', (_rule, { holds }) =>
    holds(fixture, opened.store),
  );
});
