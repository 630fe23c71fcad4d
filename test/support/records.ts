import * as fc from 'fast-check';
import { artifactKinds } from '#shared/domain/artifact.ts';
import { type Content, channels, directions, type StoredRecord, statuses } from '#shared/domain/conversation.ts';
import { type Expectation, expectationOf } from '#shared/domain/expectation.ts';
import { identify } from '#shared/domain/identity.ts';
import { formatInstant } from '#shared/domain/instant.ts';
import { mergeRecord, nextVersion } from '#shared/domain/merge.ts';
import type { Observation } from '#shared/domain/observation.ts';
import { participantRoles } from '#shared/domain/participant.ts';
import { makeTranscript } from '#shared/domain/transcript.ts';

/** Invented conversations for tests: by hand where a test names its facts, by fast-check where it does not. */

export const epoch = Date.parse('2026-11-02T09:00:00.000Z');

export function contentOf(given: Partial<Content> = {}): Content {
  return {
    channel: 'voice',
    direction: 'inbound',
    status: 'completed',
    title: null,
    language: 'en-GB',
    startedAt: formatInstant(epoch),
    endedAt: formatInstant(epoch + 60_000),
    durationMs: 60_000,
    providerCreatedAt: null,
    providerUpdatedAt: null,
    participants: [{ id: 'agent-1', role: 'agent', name: null, phone: null, email: null }],
    sentiment: null,
    categories: [],
    talkTime: null,
    summary: null,
    metadata: {},
    ...given,
  };
}

export function observationOf(given: Partial<Observation> = {}): Observation {
  return {
    stamp: null,
    sentAt: epoch,
    scope: 'whole',
    content: contentOf(),
    transcript: null,
    artifacts: {},
    files: [],
    ...given,
  };
}

/** An account that delivers these kinds, and whatever files its provider lists. */
export const awaiting = (...kinds: string[]): Expectation => expectationOf({ media: true }, kinds);

export const identityOf = (externalId: string, connection = 'support') => identify('talkdesk', connection, externalId);

/** The first stored version of a conversation. */
export function recordOf(
  externalId: string,
  seen: Partial<Observation> = {},
  now = epoch,
  connection = 'support',
): StoredRecord {
  const expectation = awaiting('transcript', 'sentiment');
  const merged = mergeRecord(null, observationOf(seen), {
    identity: identityOf(externalId, connection),
    expectation,
    now,
  });
  return nextVersion(null, merged, expectation, now);
}

const text = fc.string({ unit: 'grapheme', maxLength: 40 });
const instant = fc.integer({ min: 0, max: 4_102_444_800_000 }).map(formatInstant);
const ms = fc.option(fc.integer({ min: 0, max: 100_000_000 }), { nil: null });

export const arbitraryTranscript = fc
  .tuple(
    fc.option(text, { nil: null }),
    fc.array(
      fc.record({
        participant: fc.option(fc.nat(5), { nil: null }),
        role: fc.constantFrom(...participantRoles),
        text,
        startMs: ms,
        endMs: ms,
        sentiment: fc.option(text, { nil: null }),
        intent: fc.option(text, { nil: null }),
      }),
      { maxLength: 12 },
    ),
  )
  .map(([language, turns]) => makeTranscript(language, turns));

const arbitraryContent: fc.Arbitrary<Content> = fc
  .record({
    channel: fc.constantFrom(...channels),
    direction: fc.constantFrom(...directions),
    status: fc.constantFrom(...statuses),
    title: fc.option(text, { nil: null }),
    startedAt: fc.option(instant, { nil: null }),
    summary: fc.option(text, { nil: null }),
    categories: fc.array(fc.record({ group: fc.constant(null), name: text, matches: fc.constant(1) }), {
      maxLength: 2,
    }),
    participants: fc.uniqueArray(
      fc.record({
        id: fc.constantFrom('a', 'b', 'c', 'd'),
        role: fc.constantFrom(...participantRoles),
        name: fc.constant(null),
        phone: fc.constant(null),
        email: fc.constant(null),
      }),
      { maxLength: 4, selector: ({ id }) => id },
    ),
    metadata: fc.dictionary(
      text.filter((key) => key !== '__proto__'),
      fc.oneof(text, fc.integer(), fc.constant(null)),
      { maxKeys: 3 },
    ),
  })
  .map(contentOf);

const arbitraryFinding = fc.oneof(
  fc.constantFrom('pending', 'ready', 'failed').map((state) => ({ state: state as 'pending' | 'ready' | 'failed' })),
  fc.constantFrom('permissionMissing', 'notFound').map((reason) => ({ state: 'absent' as const, reason })),
);

/** What a provider may say of one conversation, at one of a few instants so that ties occur. */
export const arbitraryObservation: fc.Arbitrary<Observation> = fc.record({
  stamp: fc.constant(null),
  scope: fc.constant('whole' as const),
  files: fc.constant([]),
  sentAt: fc.integer({ min: 0, max: 6 }).map((step) => epoch + step * 1_000),
  content: arbitraryContent,
  transcript: fc.option(arbitraryTranscript, { nil: null }),
  artifacts: fc.dictionary(fc.constantFrom(...artifactKinds), arbitraryFinding, { noNullPrototype: true }),
});
