export type Fields = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is Fields => typeof value === 'object' && value !== null;

/** The fields of a value of which nothing is known; none where it is no object. */
export const fieldsOf = (value: unknown): Fields => (isObject(value) ? value : {});
