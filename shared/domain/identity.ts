import { hash } from 'node:crypto';
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
  const hex = hash('sha1', Buffer.concat([namespace, Buffer.from(id, 'utf8')]));
  // The version is 5; the two highest bits of the variant's digit are 10.
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 0b0011) | 0b1000).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

export function identify(provider: ProviderName, connection: string, externalId: string): Identity {
  const id = conversationId(connection, externalId);
  return { id, uuid: conversationUuid(id), provider, connection, externalId };
}
