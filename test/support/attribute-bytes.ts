/** An input as it lies in JSON: bytes as base64, what is undefined left out. It shares nothing with what was given. */
export function toJson(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.length).toString('base64');
  if (Array.isArray(value)) return value.map(toJson);
  if (typeof value !== 'object' || value === null) return value;
  const copy: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(value)) if (member !== undefined) copy[name] = toJson(member);
  return copy;
}

/** An answer as the SDK gives it, its bytes read. An attribute of that name is no text, so no other is taken for one. */
export function fromJson(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(fromJson);
  if (typeof value !== 'object' || value === null) return value;
  const copy: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(value)) {
    if (name === 'B' && typeof member === 'string') copy[name] = new Uint8Array(Buffer.from(member, 'base64'));
    else copy[name] = fromJson(member);
  }
  return copy;
}
