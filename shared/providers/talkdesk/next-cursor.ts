import { ResponseInvalid } from '#shared/domain/errors.ts';

function decodeOnce(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

/**
 * The cursor in a `next` link, decoded once; null where no page follows. Only the cursor is taken: the documented link
 * leads to another host than the API. Not read as a form, because a bare `+` in it is a plus.
 */
export function nextCursor(next: string | { href?: string | null | undefined } | null | undefined): string | null {
  const href = typeof next === 'string' ? next : next?.href;
  if (!href) return null;
  const query = href.slice(href.indexOf('?') + 1).replace(/#.*$/s, '');
  const parameter = href.includes('?') ? query.split('&').find((pair) => /^cursor=/.test(pair)) : undefined;
  if (parameter === undefined) throw new ResponseInvalid('the next link holds no cursor');
  return decodeOnce(parameter.slice('cursor='.length)) || null;
}
