import { createHash } from 'node:crypto';

/**
 * An id that a provider's shape must have and our record lacks: a UUID that follows from the record and from what the id
 * is for, so that it is the same for ever and in every answer, and nobody else's.
 */
export function standIn(uuid: string, purpose: string): string {
  const bytes = createHash('sha1').update(`stand-in/${uuid}/${purpose}`, 'utf8').digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x50;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
