/**
 * The media type to answer with (RFC 9110 section 12.5.1): the offered type with the highest weight, the earlier one of
 * equals; null where the caller takes none of them. The most specific range that fits a type gives its weight.
 */
export function negotiate<T extends string>(accept: string | undefined, offered: readonly [T, ...T[]]): T | null {
  if (accept === undefined || accept.trim() === '') return offered[0];
  const ranges = accept.split(',').map(readRange);
  let best: { type: T; weight: number } | null = null;
  for (const type of offered) {
    const weight = weightOf(type, ranges);
    if (weight > (best?.weight ?? 0)) best = { type, weight };
  }
  return best?.type ?? null;
}

type Range = { type: string; weight: number };

/** Parameters other than `q` do not tell our types apart, so they are not looked at. */
function readRange(text: string): Range {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  const q = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
  if (q === undefined) return { type, weight: 1 };
  return { type, weight: /^(0(\.\d{0,3})?|1(\.0{0,3})?)$/.test(q) ? Number(q) : 0 };
}

function weightOf(type: string, ranges: readonly Range[]): number {
  const group = `${type.slice(0, type.indexOf('/'))}/*`;
  for (const fitting of [type, group, '*/*']) {
    const weights = ranges.filter((range) => range.type === fitting).map((range) => range.weight);
    if (weights.length > 0) return Math.max(...weights);
  }
  return 0;
}
