const usual = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/**
 * One form of an id: Talkdesk writes the same UUID with hyphens in the documents and without in saved files. Whatever is
 * no UUID stays as it is.
 */
export function uuidForm(id: string): string {
  if (usual.test(id)) return id;
  const hex = id.replaceAll('-', '').toLowerCase();
  if (!/^[0-9a-f]{32}$/.test(hex) || ![32, 36].includes(id.length)) return id;
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

export const idOrNull = (id: string | null | undefined): string | null => (id?.trim() ? uuidForm(id) : null);
