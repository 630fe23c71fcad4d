/** A pair of a query string; `name` or `value` is null where it is no percent-encoded UTF-8. */
export type QueryPair = { name: string | null; value: string | null };

/** Reads one pair as forms are encoded: `+` is a blank, and a pair without `=` has the value ''. */
export function readPair(pair: string): QueryPair {
  const cut = pair.indexOf('=');
  return { name: decode(cut < 0 ? pair : pair.slice(0, cut)), value: decode(cut < 0 ? '' : pair.slice(cut + 1)) };
}

function decode(text: string): string | null {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return null;
  }
}
