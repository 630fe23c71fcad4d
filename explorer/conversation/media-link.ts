import { effect } from '@preact/signals';
import type { MediaLink } from '../api/answers.ts';
import { ask, conversationPath } from '../api/ask.ts';
import { session } from '../api/session.ts';

const links = new Map<string, MediaLink>();

effect(() => {
  if (!session.value) links.clear();
});

/** So long before its end a link is not given out any more (milliseconds). */
const marginMs = 5_000;

/** An address of a file's bytes that needs no header: the one at hand while it is good. Throws AskFailed. */
export async function linkTo(id: string, key: string): Promise<string> {
  const path = conversationPath(id, `/media/${encodeURIComponent(key)}/link`);
  const known = links.get(path);
  if (known && Date.parse(known.expiresAt) - marginMs > Date.now()) return known.href;
  const link = await ask<MediaLink>(path, { method: 'POST' });
  links.set(path, link);
  return link.href;
}
