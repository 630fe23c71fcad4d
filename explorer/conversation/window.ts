/** Which turns of a long transcript are drawn: those in sight and some around them. Lengths in CSS pixels. */

/** Where each row begins, and behind the last one where all end. A row that was never drawn is as high as guessed. */
export function offsetsOf(count: number, measured: ReadonlyMap<number, number>, guess: number): Float64Array {
  const offsets = new Float64Array(count + 1);
  for (let i = 0; i < count; i += 1) offsets[i + 1] = (offsets[i] ?? 0) + (measured.get(i) ?? guess);
  return offsets;
}

/** The row at a height: the last that begins at or above it; 0 where there is none. */
export function rowAt(offsets: Float64Array, top: number): number {
  let [low, high] = [0, Math.max(0, offsets.length - 2)];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((offsets[middle] ?? 0) <= top) low = middle;
    else high = middle - 1;
  }
  return low;
}

export type Window = { first: number; end: number };

/** The rows to draw, `end` excluded: those between `top` and `top + height`, and `around` more on each side. */
export function windowOf(offsets: Float64Array, top: number, height: number, around: number): Window {
  const count = offsets.length - 1;
  const first = Math.max(0, rowAt(offsets, Math.max(0, top)) - around);
  const end = Math.min(count, rowAt(offsets, Math.max(0, top) + height) + 1 + around);
  return { first, end: Math.max(first, end) };
}

/** What is spoken at a moment, or was last: the newest of the starts, which ascend, that has passed; null before the first. */
export function turnAt(starts: readonly number[], ms: number): number | null {
  let [low, high] = [0, starts.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? 0) <= ms) low = middle + 1;
    else high = middle;
  }
  return low === 0 ? null : low - 1;
}
