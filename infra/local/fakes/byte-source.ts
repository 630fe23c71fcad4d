import { seededRandom } from './random.ts';

/** Bytes that need not lie in memory: any part of them is made when it is asked for. A Uint8Array is one. */
export type ByteSource = {
  readonly length: number;
  /** from `start` up to `end`, which is left out */
  slice(start: number, end: number): Uint8Array;
};

const blockBytes = 64 * 1024;

/**
 * That many bytes, the same for the same name. Every 64 KB begin with their own number, so that bytes in a wrong place
 * are noticed. Making them costs about as much as copying them.
 */
export function madeBytes(name: string, length: number): ByteSource {
  let block: Uint8Array | undefined;
  return {
    length,
    slice: (start, end) => {
      block ??= noise(name);
      const part = Buffer.alloc(Math.max(0, Math.min(end, length) - start));
      for (let at = start; at < start + part.length; ) {
        const number = Math.floor(at / blockBytes);
        part.set(block.subarray(at % blockBytes, (at % blockBytes) + start + part.length - at), at - start);
        stampBlock(part, number * blockBytes - start, number);
        at = (number + 1) * blockBytes;
      }
      return part;
    },
  };
}

/** The part of a source from `start` up to `end`, as a source. */
export function partOf(source: ByteSource, start: number, end: number): ByteSource {
  return {
    length: Math.max(0, Math.min(end, source.length) - start),
    slice: (from, to) => source.slice(start + from, Math.min(start + to, end)),
  };
}

/** All of a source, a piece at a time. */
export function* piecesOf(source: ByteSource): Generator<Uint8Array> {
  for (let at = 0; at < source.length; at += blockBytes) {
    yield source.slice(at, Math.min(at + blockBytes, source.length));
  }
}

function noise(name: string): Uint8Array {
  const random = seededRandom('bytes', name);
  const words = Uint32Array.from({ length: blockBytes / 4 }, () => random() * 2 ** 32);
  return new Uint8Array(words.buffer);
}

/** Writes a block's number where the block begins, as far as that lies within the part. */
function stampBlock(part: Buffer, offset: number, number: number): void {
  for (let i = Math.max(0, -offset); i < 6 && offset + i < part.length; i += 1) {
    part[offset + i] = Math.floor(number / 256 ** (5 - i));
  }
}
