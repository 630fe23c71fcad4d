import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ArtifactState } from '#shared/domain/artifact.ts';
import type { StoredConversation } from '#shared/domain/conversation.ts';
import { copiesWanted } from '#shared/domain/copies-wanted.ts';
import { mediaArtifact, type StoredFile } from '#shared/domain/media.ts';
import { needsCopy } from '#shared/domain/media-copy.ts';
import { epoch, recordOf } from '#test/support/records.ts';

type Known = { key: string; state: ArtifactState; revision?: string | null; copiedRevision?: string | null };

/** The conversation with these files, each in its state. */
function having(...known: Known[]): StoredConversation {
  const { conversation } = recordOf('c1');
  const at = new Date(epoch).toISOString();
  return {
    ...conversation,
    artifacts: Object.fromEntries(known.map(({ key, state }) => [mediaArtifact(key), { state, at }])),
    files: known.map(({ key, revision = null, copiedRevision = null }): StoredFile => {
      return { key, kind: 'recording', contentType: null, bytes: null, revision, copiedRevision };
    }),
  };
}

const wantedBy = (before: StoredConversation | null, after: StoredConversation): string[] =>
  copiesWanted({ before, after }).map(({ key }) => key);

describe('copies that a step calls for', () => {
  it('are those of the files that it brought', () => {
    const after = having({ key: 'a', state: 'pending' }, { key: 'b', state: 'overdue' });
    expect(copiesWanted({ before: null, after })).toEqual([
      { connection: 'support', uuid: after.uuid, key: 'a', last: false },
      { connection: 'support', uuid: after.uuid, key: 'b', last: false },
    ]);
    expect(wantedBy(having({ key: 'a', state: 'pending' }), after)).toEqual(['b']);
  });

  it.each(['absent', 'expired', 'failed'] as const)('leave out a file that is %s', (state) => {
    expect(wantedBy(null, having({ key: 'a', state }))).toEqual([]);
  });

  it('are not called for again while a file waits, becomes overdue or comes', () => {
    const waiting = having({ key: 'a', state: 'pending', revision: '1' });
    const overdue = having({ key: 'a', state: 'overdue', revision: '1' });
    const copied = having({ key: 'a', state: 'ready', revision: '1', copiedRevision: '1' });
    expect([wantedBy(waiting, waiting), wantedBy(waiting, overdue), wantedBy(overdue, copied)]).toEqual([[], [], []]);
  });

  it('are called for when a revision moves, whatever was copied or asked before', () => {
    const moved = having({ key: 'a', state: 'ready', revision: '2', copiedRevision: '1' });
    expect(wantedBy(having({ key: 'a', state: 'ready', revision: '1', copiedRevision: '1' }), moved)).toEqual(['a']);
    expect(wantedBy(having({ key: 'a', state: 'pending', revision: '1' }), moved)).toEqual(['a']);
    expect(wantedBy(moved, { ...moved, title: 'new' })).toEqual([]);
  });

  it('are called for somewhere on the way, of every file that needs a copy at the end', () => {
    const known = fc.record({
      key: fc.constantFrom('a', 'b'),
      state: fc.constantFrom<ArtifactState>('pending', 'ready', 'absent', 'overdue'),
      revision: fc.constantFrom('1', '2', null),
      copiedRevision: fc.constantFrom('1', '2', null),
    });
    const conversation = fc.uniqueArray(known, { selector: ({ key }) => key }).map((files) => having(...files));
    void fc.assert(
      fc.property(fc.array(conversation, { minLength: 1, maxLength: 5 }), (versions) => {
        const asked = versions.flatMap((after, i) => wantedBy(versions[i - 1] ?? null, after));
        const last = versions.at(-1);
        for (const file of last?.files ?? []) if (last && needsCopy(last, file)) expect(asked).toContain(file.key);
      }),
    );
  });
});
