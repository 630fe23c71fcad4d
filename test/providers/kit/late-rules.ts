import { isDeepStrictEqual } from 'node:util';
import { expect } from 'vitest';
import { changesBetween } from '#shared/domain/changes.ts';
import type { StoredRecord } from '#shared/domain/conversation.ts';
import type { RunRule } from './rule.ts';
import { openRuns, recheckEveryMs } from './runs.ts';
import { saying } from './saying.ts';

const fillsIn: RunRule = {
  name: 'fills in what comes later at the next offset, as one version with just these changes',
  holds: async (fixture, store) => {
    const runs = await openRuns(store, fixture);
    await runs.run();
    const before = await runs.stored();
    const asked = runs.account.asked().length;
    runs.account.setPhase('later');
    runs.clock.advance(recheckEveryMs / 3);
    await runs.run();
    expect(runs.account.asked()).toHaveLength(asked);

    runs.clock.advance(recheckEveryMs);
    const { changed = {} } = fixture.recorded;
    expect(await runs.run()).toMatchObject({ stopped: 'done', error: null, due: Object.keys(changed).length });
    const after = await runs.stored();
    expect(Object.fromEntries(after.flatMap((record, i) => changesOf(before[i] ?? null, record)))).toEqual(changed);
    expect(after.map((record) => record?.conversation.version)).toEqual(
      after.map((record) => (record && record.conversation.externalId in changed ? 2 : 1)),
    );

    runs.clock.advance(recheckEveryMs);
    expect(await runs.run()).toMatchObject({ stopped: 'done', error: null, due: 0 });
    expect(await runs.stored()).toEqual(after);
  },
};

/** The record's name with what changed in it; nothing for one that stayed as it was. */
function changesOf(before: StoredRecord | null, after: StoredRecord | null): [string, string[]][] {
  if (!before || !after) throw new Error('expected the record to be stored');
  const isNewTranscript = !isDeepStrictEqual(before.transcript, after.transcript);
  const changes = changesBetween(before.conversation, after.conversation, isNewTranscript);
  return changes.length === 0 ? [] : [[after.conversation.externalId, changes]];
}

const endsAlike: RunRule = {
  name: 'says the same of a record filled in later as of one that was whole when it was first seen',
  holds: async (fixture, store) => {
    const late = await openRuns(store, fixture);
    await late.run();
    late.account.setPhase('later');
    late.clock.advance(recheckEveryMs);
    await late.run();
    const filled = (await late.stored()).map(saying);
    const fresh = await openRuns(store, fixture);
    fresh.account.setPhase('later');
    expect(await fresh.run()).toMatchObject({ stopped: 'done', error: null });
    expect(filled).toEqual((await fresh.stored()).map(saying));
  },
};

export const lateRules: readonly RunRule[] = [fillsIn, endsAlike];
