import type { StoredMedia } from '#shared/domain/media.ts';

type Named = Pick<StoredMedia, 'key' | 'contentType'>;

/** What is played where it stands; everything else is saved. */
const playable = /^(audio|video)\/[a-z0-9][a-z0-9.+-]{0,60}$/;

/** The type to send: the file's own where no browser would run it, else bytes. A stored type is a provider's text. */
export function safeType({ contentType }: Named): string {
  const type = contentType.toLowerCase();
  return playable.test(type) || type === 'application/json' ? type : 'application/octet-stream';
}

/** Endings of the types that providers send, so that a saved file opens with what its user expects. */
const endings: Readonly<Record<string, string>> = {
  'audio/wav': 'wav',
  'audio/x-wav': 'wav',
  'audio/mpeg': 'mp3',
  'audio/mp3': 'mp3',
  'audio/mp4': 'm4a',
  'audio/ogg': 'ogg',
  'video/mp4': 'mp4',
  'video/webm': 'webm',
  'application/json': 'json',
  'application/pdf': 'pdf',
  'text/plain': 'txt',
};

/** Characters of a name, without its ending. */
const longestName = 80;

/** A name for a saved file: the key's harmless characters, and an ending that follows from the type and not from the key. */
export function safeFilename({ key, contentType }: Named): string {
  const name = key.replaceAll(/[^A-Za-z0-9_-]+/g, '_').slice(0, longestName);
  const type = contentType.toLowerCase();
  return `${name}.${Object.hasOwn(endings, type) ? endings[type] : 'bin'}`;
}

/** Audio and video play in place, everything else is a download. */
export const safeDisposition = (media: Named): string =>
  `${playable.test(safeType(media)) ? 'inline' : 'attachment'}; filename="${safeFilename(media)}"`;
