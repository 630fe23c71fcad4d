import { createHash } from 'node:crypto';
import type { Identity, ProviderName } from './conversation.ts';

/** Namespace of our version 5 UUIDs. It must never change: the uuid is every item's key. */
const namespace = Buffer.from('6f1e0c5a8d5b4c0f9d0e3a7b51c2e844', 'hex');

/** `connection:externalId`; whatever is outside `[A-Za-z0-9._~-]` in the external id is percent-encoded (UTF-8, upper case). */
export function conversationId(connection: string, externalId: string): string {
  const encoded = encodeURIComponent(externalId.toWellFormed()).replace(
    /[!'()*]/g,
    (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `${connection}:${encoded}`;
}

/** RFC 9562 version 5 UUID of a conversation's id in our fixed namespace. */
export function conversationUuid(id: string): string {
  const bytes = createHash('sha1').update(namespace).update(id, 'utf8').digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x50;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

export function identify(provider: ProviderName, connection: string, externalId: string): Identity {
  const id = conversationId(connection, externalId);
  return { id, uuid: conversationUuid(id), provider, connection, externalId };
}
