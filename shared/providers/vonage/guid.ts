const form = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * The GUID in lower case: its case may differ between the two APIs. Null for whatever is none: such a value may make the
 * analyzer fail for all others of its batch, so it is never sent there.
 */
export const guidOrNull = (id: string): string | null => (form.test(id) ? id.toLowerCase() : null);

/** One form of an interaction's id. Whatever is no GUID stays as it is. */
export const guidForm = (id: string): string => guidOrNull(id) ?? id;
