import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { connectors } from '#shared/providers/registry.ts';
import { type TestStore, testStore } from '#test/support/store.ts';
import { fixturesOf } from './fixtures.ts';
import { mediaRules } from './kit/media-rules.ts';

/** Files of every provider, copied by the real engine over connections that break. */

let opened: TestStore;
beforeAll(async () => {
  opened = await testStore();
});
afterAll(() => opened.close());

const withMedia = connectors.flatMap(fixturesOf).filter(({ recorded }) => recorded.media !== undefined);

// A rule that looks at nothing keeps nothing.
beforeEach(() => expect.hasAssertions());

describe.each(withMedia.map((fixture) => [fixture.name, fixture] as const))('%s', (_name, fixture) => {
  it.each(mediaRules.map((rule) => [rule.name, rule] as const))('%s', (_rule, { holds }) =>
    holds(fixture, opened.store),
  );
});
