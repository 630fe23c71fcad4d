import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** A running checksum; `digest` is base64, as in S3's headers. */
export type Checksum = { update(chunk: Uint8Array): void; digest(): string };

const makers: Record<string, () => Checksum> = {
  crc32: () => crc(crc32),
  crc32c: () => crc(crc32c),
  sha1: () => digestOf('sha1'),
  sha256: () => digestOf('sha256'),
};

const headerPrefix = 'x-amz-checksum-';

/** The checksum that a header or trailer of this name holds, or undefined. */
export function checksumFor(header: string): Checksum | undefined {
  return header.startsWith(headerPrefix) ? makers[header.slice(headerPrefix.length)]?.() : undefined;
}

/** The XML element that holds what such a header holds: `ChecksumCRC32`. */
export const checksumElement = (header: string): string => `Checksum${header.slice(headerPrefix.length).toUpperCase()}`;

function digestOf(algorithm: string): Checksum {
  const hash = createHash(algorithm);
  return { update: (chunk) => void hash.update(chunk), digest: () => hash.digest('base64') };
}

function crc(step: (chunk: Uint8Array, value: number) => number): Checksum {
  let value = 0;
  return {
    update: (chunk) => {
      value = step(chunk, value);
    },
    digest: () => {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32BE(value);
      return bytes.toString('base64');
    },
  };
}

/** Castagnoli polynomial, reflected; Node has only the other CRC-32 built in. */
const crc32cTable = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? 0x82f63b78 ^ (value >>> 1) : value >>> 1;
  return value;
});

function crc32c(chunk: Uint8Array, previous: number): number {
  let value = ~previous;
  for (const byte of chunk) value = (crc32cTable[(value ^ byte) & 0xff] ?? 0) ^ (value >>> 8);
  return ~value >>> 0;
}
