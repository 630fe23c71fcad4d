import { hash } from 'node:crypto';
import { isOpen, type StoredArtifacts } from './artifact.ts';
import type { StoredConversation, StoredRecord } from './conversation.ts';
import { formatInstant } from './instant.ts';
import { mediaArtifact, type StoredFile, type StoredMedia } from './media.ts';

/** What is to be copied, under which name, and what a copy makes of the record. */

export const fileOf = ({ files }: Pick<StoredConversation, 'files'>, key: string): StoredFile | null =>
  files.find((file) => file.key === key) ?? null;

export const mediaOf = ({ media }: Pick<StoredConversation, 'media'>, key: string): StoredMedia | null =>
  media.find((entry) => entry.key === key) ?? null;

/** Whether a file's bytes are still to come: not copied yet, or copied from a revision that the provider has replaced. */
export function needsCopy({ artifacts }: { artifacts: StoredArtifacts }, file: StoredFile): boolean {
  const state = artifacts[mediaArtifact(file.key)]?.state ?? 'pending';
  if (state === 'ready') return file.revision !== null && file.revision !== file.copiedRevision;
  return isOpen(state);
}

/** A key as a part of names: the provider's text stands in none of ours. */
export const keyHash = (key: string): string => hash('sha256', key).slice(0, 32);

/** The object of a file's n-th copy. Other bytes get another name, so that a reader never meets two versions mixed. */
export const mediaObject = (uuid: string, key: string, generation: number): string =>
  `media/${uuid}/${keyHash(key)}/${generation}`;

/** Which copy it is, from 1; 0 where there is none. */
export const generationOf = (media: Pick<StoredMedia, 'object'> | null): number =>
  media === null ? 0 : Number(media.object.slice(media.object.lastIndexOf('/') + 1));

/** The record with a file's bytes: `revision` is the one that they were copied from. */
export function withMedia(
  record: StoredRecord,
  { media, revision }: { media: StoredMedia; revision: string | null },
  now: number,
): StoredRecord {
  const { conversation } = record;
  const kind = mediaArtifact(media.key);
  const known = conversation.artifacts[kind];
  const ready = known?.state === 'ready' ? known : { state: 'ready' as const, at: formatInstant(now) };
  const entries = [...conversation.media.filter(({ key }) => key !== media.key), media];
  return {
    ...record,
    conversation: {
      ...conversation,
      media: entries.sort((a, b) => (a.key < b.key ? -1 : 1)),
      artifacts: { ...conversation.artifacts, [kind]: ready },
      files: conversation.files.map((file) => (file.key === media.key ? { ...file, copiedRevision: revision } : file)),
    },
  };
}

/** Why there are no bytes, and none are to be expected. */
export type NoMedia = { state: 'absent' | 'expired' | 'failed'; reason: string };

/** The record with that said of a file, unless its artifact has been settled meanwhile. */
export function withoutMedia(record: StoredRecord, key: string, { state, reason }: NoMedia, now: number): StoredRecord {
  const { conversation } = record;
  const kind = mediaArtifact(key);
  if (!isOpen(conversation.artifacts[kind]?.state ?? 'pending')) return record;
  const artifacts = { ...conversation.artifacts, [kind]: { state, reason, at: formatInstant(now) } };
  return { ...record, conversation: { ...conversation, artifacts } };
}
