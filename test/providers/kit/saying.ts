import { expect } from 'vitest';
import { contentSchema, type StoredRecord } from '#shared/domain/conversation.ts';
import type { Store } from '#shared/storage/document-client.ts';
import type { Fixture } from '../fixtures.ts';
import { openRuns } from './runs.ts';

/**
 * What a stored record says, without versions and times of ours: equal for two stores that know the same. Why an artifact
 * is pending tells how the asking went, not what the provider has.
 */
export function saying(record: StoredRecord | null) {
  if (!record) return null;
  const { conversation, transcript } = record;
  const artifacts = Object.entries(conversation.artifacts).map(([kind, { state, reason }]) => [
    kind,
    state === 'pending' ? { state } : { state, reason },
  ]);
  return {
    externalId: conversation.externalId,
    content: contentSchema.parse(conversation),
    transcript,
    artifacts: Object.fromEntries(artifacts),
    files: conversation.files,
  };
}

const known = new WeakMap<Fixture, ReturnType<typeof storedAlone>>();

async function storedAlone(fixture: Fixture, store: Store) {
  const runs = await openRuns(store, fixture);
  expect(await runs.run()).toMatchObject({ stopped: 'done', error: null });
  return (await runs.stored()).map(saying);
}

/** What a run stores that nothing disturbs; found out once for each scenario. */
export function undisturbed(fixture: Fixture, store: Store): ReturnType<typeof storedAlone> {
  const found = known.get(fixture) ?? storedAlone(fixture, store);
  known.set(fixture, found);
  return found;
}
