import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StoredRecord } from '#shared/domain/conversation.ts';
import { awaitedKinds, expectationOf } from '#shared/domain/expectation.ts';
import { type ListedFile, mergeFiles } from '#shared/domain/media.ts';
import { mergeRecord } from '#shared/domain/merge.ts';
import type { Observation } from '#shared/domain/observation.ts';
import { makeTranscript } from '#shared/domain/transcript.ts';
import { hashOf } from '#shared/storage/conversations.ts';
import { awaiting, contentOf, epoch, identityOf, observationOf } from '#test/support/records.ts';

const file = (key: string, more: Partial<ListedFile> = {}): ListedFile => ({
  key,
  kind: 'recording',
  contentType: null,
  bytes: null,
  revision: null,
  ...more,
});

const arbitraryFiles = fc.uniqueArray(
  fc.record({
    key: fc.constantFrom('a', 'b', 'c', 'd'),
    kind: fc.constantFrom('recording', 'voicemail'),
    contentType: fc.constant(null),
    bytes: fc.option(fc.nat(9), { nil: null }),
    revision: fc.option(fc.constantFrom('1', '2'), { nil: null }),
  }),
  { selector: ({ key }) => key },
);

describe('files that a provider lists', () => {
  it('are kept by key, the newer word for each, and what was copied of it', () => {
    void fc.assert(
      fc.property(arbitraryFiles, arbitraryFiles, fc.boolean(), (first, second, newer) => {
        const known = mergeFiles([], first, true).map((one) => ({ ...one, copiedRevision: `copy of ${one.key}` }));
        const merged = mergeFiles(known, second, newer);
        const keys = [...new Set([...first, ...second].map(({ key }) => key))].sort();
        expect(merged.map(({ key }) => key)).toEqual(keys);
        for (const { copiedRevision, ...facts } of merged) {
          const [old, seen] = [first, second].map((all) => all.find(({ key }) => key === facts.key));
          expect(facts).toEqual(newer ? (seen ?? old) : (old ?? seen));
          expect(copiedRevision).toBe(old ? `copy of ${facts.key}` : null);
        }
        expect(mergeFiles(merged, second, newer)).toEqual(merged);
      }),
    );
  });
});

describe('what an account delivers', () => {
  const { kinds, wants, awaits } = expectationOf({ media: ['voicemail'] }, ['transcript', 'media:recording']);

  it('is all that its provider promises, media as the connection wants', () => {
    expect(kinds).toEqual(['transcript']);
    expect([wants(file('x', { kind: 'voicemail' })), wants(file('x'))]).toEqual([true, false]);
    expect(awaits(file('x'))).toBe(true);
  });

  it('is what `expect` names, by key or by kind', () => {
    const account = expectationOf({ media: true, expect: ['media:recording'] }, ['transcript']);
    expect(account.kinds).toEqual(['media:recording']);
    const awaited = [file('recording-1'), file('recording'), file('v', { kind: 'voicemail' })].map(account.awaits);
    expect(awaited).toEqual([true, true, false]);
  });

  it('no longer awaits the nameless recording once one is named', () => {
    const account = awaiting('transcript', 'media:recording');
    const files = mergeFiles([], [file('recording-1')], true);
    expect(awaitedKinds({ files: [] }, account)).toEqual(['transcript', 'media:recording']);
    expect(awaitedKinds({ files }, account)).toEqual(['transcript', 'media:recording-1']);
    const own = mergeFiles([], [file('recording')], true);
    expect(awaitedKinds({ files: own }, account)).toEqual(['transcript', 'media:recording']);
  });
});

describe('answers that speak of a part', () => {
  const expectation = awaiting('transcript', 'sentiment', 'media:recording');
  const context = { identity: identityOf('c1'), expectation, now: epoch };
  const merge = (current: StoredRecord | null, seen: Observation) => mergeRecord(current, seen, context);
  const ready = { transcript: { state: 'ready' as const } };
  const turn = { participant: null, role: 'unknown' as const, text: 'Hi', startMs: null, endMs: null };
  const transcript = makeTranscript('de-DE', [{ ...turn, sentiment: null, intent: null }]);
  const listing = observationOf({
    scope: 'listing',
    content: contentOf({ language: null, title: 'listed', metadata: { list: 1 } }),
  });
  const analysis = observationOf({
    scope: 'artifacts',
    sentAt: epoch + 5,
    content: contentOf({ language: 'de-DE', title: 'nonsense', metadata: { analysis: 2 } }),
    transcript,
    artifacts: ready,
  });

  it('add their artifacts and metadata and leave the rest', () => {
    const { conversation } = merge(merge(null, listing), analysis);
    expect(conversation).toMatchObject({
      title: 'listed',
      language: 'de-DE',
      metadata: { list: 1, analysis: 2 },
      observedAt: '2026-11-02T09:00:00.000Z',
      artifacts: ready,
    });
  });

  it('are kept when the list is read again, which changes nothing', () => {
    const whole = merge(merge(null, listing), analysis);
    const again = merge(whole, { ...listing, sentAt: epoch + 60_000 });
    expect(hashOf(again).hash).toEqual(hashOf(whole).hash);
    expect(again.transcript?.text).toBe('Hi');
  });

  it('drop the nameless recording for the one that the list names', () => {
    const before = merge(null, listing).conversation.artifacts;
    const after = merge(merge(null, listing), { ...listing, sentAt: epoch + 1, files: [file('recording-1')] });
    expect(Object.keys(before)).toEqual(['media:recording', 'sentiment', 'transcript']);
    expect(Object.keys(after.conversation.artifacts)).toEqual(['media:recording-1', 'sentiment', 'transcript']);
  });
});
