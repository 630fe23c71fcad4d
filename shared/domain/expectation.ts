import { isDealtWith } from './artifact.ts';
import type { Connection } from './connections.ts';
import type { StoredConversation } from './conversation.ts';
import { type ListedFile, mediaArtifact, mediaKeyOf } from './media.ts';

/** What an account delivers: decides what is awaited, copied, overdue and complete. */
export type Expectation = {
  /** artifact kinds that are awaited of every conversation: pending until an answer speaks of them */
  kinds: readonly string[];
  /** whether this file is to be copied */
  wants: (file: Pick<ListedFile, 'key' | 'kind'>) => boolean;
  /** whether a file that is copied is awaited as well, so that its conversation is not complete without it */
  awaits: (file: Pick<ListedFile, 'key' | 'kind'>) => boolean;
};

/** `expect`, else all that the provider promises and each file that it lists, media as `media` allows. */
export function expectationOf(
  { expect, media }: Pick<Connection, 'expect' | 'media'>,
  promised: readonly string[],
): Expectation {
  const isWanted = (names: readonly string[]): boolean =>
    typeof media === 'boolean' ? media : names.some((name) => media.includes(name));
  const kinds = (expect ?? promised).filter((kind) => {
    const key = mediaKeyOf(kind);
    return key === null || isWanted([key]);
  });
  return {
    kinds,
    wants: ({ key, kind }) => isWanted([kind, key]),
    awaits: ({ key, kind }) =>
      expect === undefined || expect.includes(mediaArtifact(key)) || expect.includes(mediaArtifact(kind)),
  };
}

/**
 * A kind like `media:recording` is awaited before the provider has named a file. Once it names one of that kind under a
 * key of its own, the file's artifact stands for it.
 */
export function isPlaceholder(kind: string, files: readonly ListedFile[]): boolean {
  const name = mediaKeyOf(kind);
  return name !== null && files.some((file) => file.kind === name) && files.every((file) => file.key !== name);
}

/** The kinds that are awaited of this conversation. */
export function awaitedKinds({ files }: Pick<StoredConversation, 'files'>, { kinds, awaits }: Expectation): string[] {
  const fixed = kinds.filter((kind) => !isPlaceholder(kind, files));
  return [...new Set([...fixed, ...files.filter(awaits).map(({ key }) => mediaArtifact(key))])];
}

/** Whether everything awaited is ready, absent, expired, failed or overdue. */
export const isComplete = (
  conversation: Pick<StoredConversation, 'files' | 'artifacts'>,
  expectation: Expectation,
): boolean =>
  awaitedKinds(conversation, expectation).every((kind) =>
    isDealtWith(conversation.artifacts[kind]?.state ?? 'pending'),
  );
