import type { ByteSpan } from '#shared/storage/media-bytes.ts';

/** What of a file is asked for: all of it, these bytes, or none that exist. */
export type Selection = 'whole' | 'unsatisfiable' | ByteSpan;

/**
 * What a `Range` header selects of `size` bytes (RFC 9110 section 14.2). Another unit, a malformed range and one whose end
 * is before its start are ignored, as the RFC asks or allows; several ranges are too, so that no flood of overlapping ones
 * costs more than the file.
 */
export function selectBytes(header: string | undefined, size: number): Selection {
  const set = /^bytes=(.*)$/i.exec(header?.trim() ?? '')?.[1];
  // Empty elements of a list count for nothing (section 5.6.1).
  const specs = (set ?? '').split(',').flatMap((spec) => spec.trim() || []);
  const [first, last] = /^(\d*)-(\d*)$/.exec(specs[0] ?? '')?.slice(1) ?? ['', ''];
  if (specs.length !== 1 || (first === '' && last === '')) return 'whole';
  return first ? fromStart(BigInt(first), last ? BigInt(last) : null, size) : suffix(BigInt(last ?? ''), size);
}

// Positions are compared as they were sent: beyond 2^53 two that differ would be equal as numbers.

function fromStart(first: bigint, last: bigint | null, size: number): Selection {
  if (last !== null && last < first) return 'whole';
  if (first >= BigInt(size)) return 'unsatisfiable';
  return { first: Number(first), last: last === null ? size - 1 : Math.min(Number(last), size - 1) };
}

function suffix(length: bigint, size: number): Selection {
  if (length === 0n || size === 0) return 'unsatisfiable';
  return { first: Math.max(0, size - Number(length)), last: size - 1 };
}
