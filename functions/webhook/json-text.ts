/** The text of a body that is JSON, which is UTF-8 (RFC 8259), or null. Its bytes are those of the body again. */
export function jsonTextOf(body: Uint8Array): string | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
    JSON.parse(text);
    return text;
  } catch {
    return null;
  }
}
