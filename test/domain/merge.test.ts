import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StoredRecord } from '#shared/domain/conversation.ts';
import { mergeRecord, nextVersion } from '#shared/domain/merge.ts';
import type { Observation } from '#shared/domain/observation.ts';
import { withOverdue } from '#shared/domain/overdue.ts';
import { makeTranscript } from '#shared/domain/transcript.ts';
import { hashOf } from '#shared/storage/conversations.ts';
import { arbitraryObservation, awaiting, contentOf, epoch, identityOf, observationOf } from '#test/support/records.ts';

const expectation = awaiting('transcript', 'sentiment');
const context = { identity: identityOf('c1'), expectation, now: epoch };
const merge = (current: StoredRecord | null, seen: Observation) => mergeRecord(current, seen, context);
const hashText = (record: StoredRecord) => hashOf(record).hash.toString('hex');
const turn = {
  participant: 0,
  role: 'agent',
  text: 'Hello',
  startMs: 0,
  endMs: 900,
  sentiment: null,
  intent: null,
} as const;

describe('merging what answers say of one conversation', () => {
  it('changes nothing when an answer is seen twice', () => {
    void fc.assert(
      fc.property(arbitraryObservation, arbitraryObservation, (a, b) => {
        const once = merge(merge(null, a), b);
        expect(hashText(merge(once, b))).toBe(hashText(once));
      }),
    );
  });

  it('comes to the same content in either order of arrival', () => {
    const distinct = fc.uniqueArray(arbitraryObservation, {
      minLength: 2,
      maxLength: 2,
      selector: ({ sentAt }) => sentAt,
    });
    void fc.assert(
      fc.property(distinct, (answers) => {
        const forward = answers.reduce<StoredRecord | null>(merge, null);
        const backward = answers.toReversed().reduce<StoredRecord | null>(merge, null);
        const strip = (record: StoredRecord | null) => ({
          ...record,
          conversation: { ...record?.conversation, artifacts: undefined },
          // A kept transcript names its speakers by their place in the newest list.
          transcript: record?.transcript?.text,
          states: Object.entries(record?.conversation.artifacts ?? {}).map(([kind, { state }]) => [kind, state]),
        });
        expect(strip(forward)).toEqual(strip(backward));
      }),
    );
  });

  it('never takes a ready artifact back', () => {
    void fc.assert(
      fc.property(fc.array(arbitraryObservation, { maxLength: 5 }), arbitraryObservation, (before, last) => {
        const current = before.reduce<StoredRecord | null>(merge, null);
        const after = merge(current, last).conversation.artifacts;
        for (const [kind, { state }] of Object.entries(current?.conversation.artifacts ?? {})) {
          if (state === 'ready') expect(after[kind]?.state).toBe('ready');
        }
      }),
    );
  });

  it('orders by the provider stamp to the microsecond, whatever was sent last', () => {
    const newer = merge(
      null,
      observationOf({ stamp: '2026-11-02T09:00:00.000002Z', content: contentOf({ title: 'new' }) }),
    );
    const older = observationOf({
      stamp: '2026-11-02T10:00:00.000001+01:00',
      sentAt: epoch + 9_000,
      content: contentOf({ title: 'old' }),
    });
    expect(merge(newer, older).conversation.title).toBe('new');
  });

  it('takes a ready part from an older answer that alone has it', () => {
    const current = merge(null, observationOf({ sentAt: epoch + 5_000, content: contentOf({ title: 'new' }) }));
    const older = observationOf({
      content: contentOf({ title: 'old' }),
      transcript: makeTranscript(null, [turn]),
      artifacts: { transcript: { state: 'ready' } },
    });
    const { conversation, transcript } = merge(current, older);
    expect([conversation.title, transcript?.text, conversation.artifacts['transcript']?.state]).toEqual([
      'new',
      'Hello',
      'ready',
    ]);
  });

  it('lets a kept transcript follow its speakers to their new places', () => {
    const person = (id: string) => ({ id, role: 'agent' as const, name: null, phone: null, email: null });
    const first = observationOf({
      content: contentOf({ participants: [person('a'), person('b')] }),
      transcript: makeTranscript(null, [
        { ...turn, participant: 1 },
        { ...turn, participant: 0 },
      ]),
      artifacts: { transcript: { state: 'ready' } },
    });
    const second = observationOf({
      sentAt: epoch + 1,
      content: contentOf({ participants: [person('b')] }),
      artifacts: { transcript: { state: 'pending' } },
    });
    const { transcript } = merge(merge(null, first), second);
    expect(transcript?.utterances.map(({ participant }) => participant)).toEqual([0, null]);
  });

  it('keeps the three answers apart: none there, not ready, never asked', () => {
    const absent = merge(null, observationOf({ artifacts: { transcript: { state: 'absent', reason: 'notFound' } } }));
    const later = merge(absent, observationOf({ sentAt: epoch + 1, artifacts: { transcript: { state: 'pending' } } }));
    expect(later.conversation.artifacts['transcript']).toMatchObject({ state: 'absent', reason: 'notFound' });
    const unasked = merge(
      null,
      observationOf({ artifacts: { transcript: { state: 'pending', reason: 'budgetSpent' } } }),
    );
    expect(unasked.conversation.artifacts['transcript']).toMatchObject({ state: 'pending', reason: 'budgetSpent' });
    // How the asking went is not content: asking again in vain makes no version.
    const asked = merge(unasked, observationOf({ sentAt: epoch + 1, artifacts: { transcript: { state: 'pending' } } }));
    expect(hashText(asked)).toBe(hashText(unasked));
  });
});

describe('versions', () => {
  it('move updatedAt forward even when the clock stands or runs back', () => {
    const first = nextVersion(null, merge(null, observationOf()), expectation, epoch);
    const second = nextVersion(first.conversation, first, expectation, epoch - 5_000);
    expect(Date.parse(second.conversation.updatedAt)).toBeGreaterThan(Date.parse(first.conversation.updatedAt));
    expect(second.conversation.version).toBe(2);
  });

  it('complete once, in the first version in which nothing promised is awaited', () => {
    const waiting = nextVersion(null, merge(null, observationOf()), expectation, epoch);
    expect(waiting.conversation.completedVersion).toBeNull();
    const overdue = nextVersion(waiting.conversation, withOverdue(waiting, expectation, epoch), expectation, epoch);
    expect(overdue.conversation.completedVersion).toBe(2);
    const late = merge(overdue, observationOf({ sentAt: epoch + 1, artifacts: { transcript: { state: 'ready' } } }));
    expect(nextVersion(overdue.conversation, late, expectation, epoch).conversation.completedVersion).toBe(2);
  });

  it('do not complete while the conversation goes on', () => {
    const content = contentOf({ status: 'inProgress' });
    const going = merge(
      null,
      observationOf({ content, artifacts: { transcript: { state: 'ready' }, sentiment: { state: 'absent' } } }),
    );
    expect(nextVersion(null, going, expectation, epoch).conversation.completedVersion).toBeNull();
  });
});
