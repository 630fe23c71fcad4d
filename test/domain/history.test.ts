import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changesBetween } from '#shared/domain/changes.ts';
import { type Cause, causes, extendHistory, type HistoryEntry, readHistory } from '#shared/domain/history.ts';
import { formatInstant } from '#shared/domain/instant.ts';
import { mergeRecord, nextVersion } from '#shared/domain/merge.ts';
import { arbitraryObservation, awaiting, epoch, identityOf, recordOf } from '#test/support/records.ts';

const first = recordOf('c1').conversation;
const at = (version: number) => formatInstant(epoch + version * 1_000);
const versionOf = (version: number, files: readonly string[] = []) => ({
  ...first,
  version,
  updatedAt: at(version),
  artifacts: Object.fromEntries(files.map((key) => [`media:${key}`, { state: 'pending' as const, at: at(version) }])),
});

type Step = { files: readonly string[]; changed: readonly string[]; cause: Cause | undefined };

/** What is kept after these versions. */
function keptOf(steps: readonly Step[]): { conversation: typeof first; history: string } {
  const [begin, ...later] = steps.map((step, i) => ({ ...step, conversation: versionOf(i + 1, step.files) }));
  if (!begin) throw new Error('no version');
  const begun = { conversation: begin.conversation, history: extendHistory(null, begin) };
  return later.reduce((kept, next) => ({ conversation: next.conversation, history: extendHistory(kept, next) }), begun);
}

const names = ['channel', 'transcript', 'talkTime', 'media', 'source', 'uuid'];
const step = fc
  .record({
    files: fc.uniqueArray(fc.constantFrom('recording', 'a,b;c@d', 'ü\n%', '0'), { maxLength: 4 }),
    changed: fc.subarray(names),
    cause: fc.option(fc.constantFrom(...causes), { nil: undefined }),
    told: fc.nat(4),
  })
  .map(({ files, changed, cause, told }): Step => {
    return { files, cause, changed: [...changed, ...files.slice(0, told).map((key) => `media:${key}`)].sort() };
  });

describe('the history of a conversation', () => {
  it('gives each version as it was written, oldest first', () => {
    void fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 8 }), (steps) => {
        let cause: Cause = 'poll';
        const expected = steps.map((one, i): HistoryEntry => {
          cause = one.cause ?? cause;
          return { version: i + 1, at: at(i + 1), cause, changed: one.changed };
        });
        expect(readHistory(keptOf(steps))).toEqual(expected);
      }),
      { numRuns: 100 },
    );
  });

  it('knows every name that a version may change', () => {
    void fc.assert(
      fc.property(arbitraryObservation, (seen) => {
        const context = { identity: identityOf('c1'), expectation: awaiting('transcript', 'summary'), now: epoch };
        const { conversation } = nextVersion(null, mergeRecord(null, seen, context), context.expectation, epoch);
        const changed = changesBetween(null, conversation, true);
        const history = extendHistory(null, { conversation, cause: 'poll', changed });
        expect(readHistory({ conversation, history }).map((entry) => entry.changed)).toEqual([changed]);
      }),
      { numRuns: 50 },
    );
  });

  it('takes few characters of a new conversation with files: an item is billed by the started KB', () => {
    const files = ['recording', 'transcriptArtifact'];
    const changed = [...names, ...files.map((key) => `media:${key}`)].sort();
    expect(keptOf([{ files, changed, cause: 'poll' }]).history.length).toBeLessThan(12);
  });

  it('ends with the newest 200, and before it is long', () => {
    const plain = { files: [], changed: ['title'], cause: 'poll' } as const;
    const versions = readHistory(keptOf(Array.from({ length: 230 }, () => plain))).map(({ version }) => version);
    expect([versions.length, versions[0], versions.at(-1)]).toEqual([200, 31, 230]);
    const files = Array.from({ length: 10 }, (_, i) => `${i}`.repeat(500));
    const long = { files, changed: files.map((key) => `media:${key}`), cause: 'poll' } as const;
    const kept = keptOf([plain, plain, ...Array.from({ length: 18 }, () => long)]);
    expect(kept.history.length).toBeLessThan(16 * 1024);
    expect(readHistory(kept).map(({ version }) => version)).toEqual([17, 18, 19, 20]);
  });

  it('of an item that kept none begins with the next version', () => {
    expect(readHistory({ conversation: versionOf(4), history: '' })).toEqual([]);
    const conversation = versionOf(5);
    const old = { conversation: versionOf(4), history: '' };
    const history = extendHistory(old, { conversation, cause: undefined, changed: ['title'] });
    expect(readHistory({ conversation, history })).toEqual([
      { version: 5, at: at(5), cause: 'poll', changed: ['title'] },
    ]);
  });
});
