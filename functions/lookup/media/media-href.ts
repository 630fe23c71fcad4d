/** Where the bytes of a file are, at our own address. A bare `:` is accepted in a path, and easier to read. */
export const mediaHref = (id: string, key: string): string =>
  `/v1/conversations/${encodeURIComponent(id).replace('%3A', ':')}/media/${encodeURIComponent(key.toWellFormed())}`;
