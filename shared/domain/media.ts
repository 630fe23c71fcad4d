import * as z from 'zod';
import type { ArtifactKind } from './artifact.ts';

/**
 * Media are bytes: recordings, screen recordings, attachments, the providers' content files. A provider lists or names
 * a file; its bytes are copied later, and only then does it stand in `media`.
 */

/** A file that a provider says it has. No link to it: links expire. */
export const listedFileSchema = z.object({
  /** `<key>` of the artifact `media:<key>`; text of the provider */
  key: z.string().min(1),
  /** what it is, in the provider's word: what the connection's `media` list chooses by */
  kind: z.string().min(1),
  /** as the provider announces it, or null */
  contentType: z.string().nullable(),
  /** length as the provider announces it, or null */
  bytes: z.int().nonnegative().nullable(),
  /** moves when the provider's file does (a stamp, an id), or null where nothing tells */
  revision: z.string().nullable(),
});
export type ListedFile = z.infer<typeof listedFileSchema>;

/** Characters of a key. It stands in events and jobs, which have little room; the providers' own have 40. */
export const longestKey = 512;

/** `copiedRevision` is the revision whose bytes were copied last, or null before the first copy. */
export const storedFileSchema = z.object({ ...listedFileSchema.shape, copiedRevision: z.string().nullable() });
export type StoredFile = z.infer<typeof storedFileSchema>;

/** A file whose bytes are ours. */
export const mediaSchema = z.object({
  key: z.string(),
  kind: z.string(),
  contentType: z.string(),
  bytes: z.int().nonnegative(),
  sha512: z.string(),
});

/** `object` is its name in the bucket. */
export const storedMediaSchema = z.object({ ...mediaSchema.shape, object: z.string() });
export type StoredMedia = z.infer<typeof storedMediaSchema>;

export const mediaArtifact = (key: string): ArtifactKind => `media:${key}`;

/** The key of a media artifact, or null for another kind. */
export const mediaKeyOf = (kind: string): string | null =>
  kind.startsWith('media:') ? kind.slice('media:'.length) : null;

/** All files that either knows, by key; of one that both know the newer answer's word, and what was copied of it. */
export function mergeFiles(current: readonly StoredFile[], seen: readonly ListedFile[], newer: boolean): StoredFile[] {
  const files = new Map(current.map((file) => [file.key, file]));
  for (const file of seen) {
    const known = files.get(file.key);
    if (known && !newer) continue;
    const { key, kind, contentType, bytes, revision } = file;
    files.set(key, { key, kind, contentType, bytes, revision, copiedRevision: known?.copiedRevision ?? null });
  }
  return [...files.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
}
