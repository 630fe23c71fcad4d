/** A test of one value in an event. */
export type Match = (value: unknown) => boolean;

/** The matchers on text, by their name in a pattern; each takes its operand. Values that are no text never match. */
export const textMatchers: Readonly<Record<string, (operand: string) => Match>> = {
  prefix: (operand) => (value) => typeof value === 'string' && value.startsWith(operand),
  suffix: (operand) => (value) => typeof value === 'string' && value.endsWith(operand),
  'equals-ignore-case': (operand) => {
    const folded = operand.toLowerCase();
    return (value) => typeof value === 'string' && value.toLowerCase() === folded;
  },
  wildcard: (operand) => {
    const pieces = splitAtStars(operand);
    return (value) => typeof value === 'string' && piecesFit(pieces, value);
  },
};

/** `*` stands for any text; `\*` and `\\` for the characters themselves. */
function splitAtStars(operand: string): string[] {
  const pieces = [''];
  for (const [token, escaped] of operand.matchAll(/\\([*\\])|./gsu)) {
    if (token === '*') pieces.push('');
    else pieces.push((pieces.pop() ?? '') + (escaped ?? token));
  }
  return pieces;
}

/** The first piece at the start, the last at the end, those between in order: linear, however many stars. */
function piecesFit(pieces: readonly string[], value: string): boolean {
  const [first = '', ...others] = pieces;
  const last = others.pop();
  if (last === undefined) return value === first;
  const end = value.length - last.length;
  if (!value.startsWith(first) || !value.endsWith(last) || end < first.length) return false;
  let at = first.length;
  for (const piece of others) {
    const found = value.indexOf(piece, at);
    if (found < 0 || found + piece.length > end) return false;
    at = found + piece.length;
  }
  return true;
}
