const essencePattern = /^\s*([a-z0-9!#$&^_.+-]{1,60}\/[a-z0-9!#$&^_.+-]{1,60})\s*(?:;|$)/i;

/** Types that say nothing. */
const generic: ReadonlySet<string> = new Set(['application/octet-stream', 'binary/octet-stream']);

/** The provider's words for files that are heard or seen. */
const soundKinds = /recording|voicemail|audio|video/i;

export type ExpectedType = { kind: string; contentType: string | null };

/** `type/subtype` in lower case without parameters, or null where the text is none or says nothing. */
function essence(text: string | null | undefined): string | null {
  const found = essencePattern.exec(text ?? '')?.[1]?.toLowerCase() ?? null;
  return found !== null && generic.has(found) ? null : found;
}

/** A file's type: what the answer says, else what was announced, else bytes. */
export const fileType = (answered: string | undefined, { contentType }: Pick<ExpectedType, 'contentType'>): string =>
  essence(answered) ?? essence(contentType) ?? 'application/octet-stream';

/**
 * Whether an answer is something else than the file: a page (a login, an error with 200) where another type was
 * announced, or a page or JSON where sound or pictures are expected. What was announced counts before the kind.
 */
export function isOtherType(answered: string | undefined, { kind, contentType }: ExpectedType): boolean {
  const got = essence(answered);
  const announced = essence(contentType);
  const isPage = got === 'text/html' || got === 'application/xhtml+xml';
  const isJson = got !== null && /[/+]json$/.test(got);
  if (announced === null) return soundKinds.test(kind) && (isPage || isJson);
  const isSound = /^(audio|video)\//.test(announced);
  return (isPage && announced !== got) || (isJson && isSound);
}
