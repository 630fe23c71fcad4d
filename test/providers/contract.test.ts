import { beforeEach, describe, expect, it } from 'vitest';
import { connectors } from '#shared/providers/registry.ts';
import { type Fixture, fixturesOf, goldenFile } from './fixtures.ts';
import { damageRules } from './kit/damage-rules.ts';
import { ledgerRules } from './kit/ledger-rules.ts';
import { pageRules } from './kit/page-rules.ts';
import { answersOf, recordRules } from './kit/record-rules.ts';
import type { Phase } from './kit/recorded.ts';

/** What every connector makes of its provider's answers: a new one needs a folder of fixtures and nothing here. */

const all = connectors.flatMap(fixturesOf);
const goldens = all.flatMap((fixture) => phasesOf(fixture).map((phase) => [fixture.name, phase, fixture] as const));

/** Whose answers can be read. */
function phasesOf({ recorded: { fails, later } }: Fixture): Phase[] {
  return [...(fails === undefined ? ['first' as const] : []), ...(later === undefined ? [] : ['later' as const])];
}

it.each(goldens)('%s is normalized to its golden file, %s answers', async (_name, phase, fixture) => {
  const told = (await answersOf(fixture, phase)).map((answer) => fixture.stream.normalize(answer));
  await expect(`${JSON.stringify(told, null, 2)}\n`).toMatchFileSnapshot(goldenFile(fixture, phase));
});

const good = all.filter(({ recorded }) => recorded.fails === undefined);

// A rule that looks at nothing keeps nothing.
beforeEach(() => expect.hasAssertions());

describe.each(good.map((fixture) => [fixture.name, fixture] as const))('%s', (_name, fixture) => {
  it.each([...pageRules, ...recordRules, ...damageRules, ...ledgerRules].map((rule) => [rule.name, rule] as const))(
    '%s',
    async (_rule, { holds }) => holds(fixture),
  );
});
