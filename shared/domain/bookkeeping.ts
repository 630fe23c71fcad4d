import { isDeepStrictEqual } from 'node:util';
import type { StoredArtifacts } from './artifact.ts';
import type { StoredConversation } from './conversation.ts';

/**
 * What is kept beside the content and makes no version: what is known of the provider's files, and why an artifact is
 * pending.
 */
type Kept = Pick<StoredConversation, 'artifacts' | 'files'>;

/** Whether two states of a record with equal content keep the same beside it. */
export const sameBookkeeping = (a: Kept, b: Kept): boolean =>
  isDeepStrictEqual(a.files, b.files) && isDeepStrictEqual(pendingReasons(a.artifacts), pendingReasons(b.artifacts));

const pendingReasons = (artifacts: StoredArtifacts): (readonly [string, string | undefined])[] =>
  Object.entries(artifacts).flatMap(([kind, { state, reason }]) =>
    state === 'pending' && reason !== undefined ? [[kind, reason] as const] : [],
  );

/** The record with what the other keeps beside the same content. */
export const withBookkeeping = (record: StoredConversation, { artifacts, files }: Kept): StoredConversation => ({
  ...record,
  artifacts,
  files,
});
