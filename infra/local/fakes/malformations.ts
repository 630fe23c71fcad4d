import type { Malformed } from './raw-json.ts';

/** Ways for one record of either provider to be wrong (reliability.md section 4). `field` names the field to spoil. */

export const missing = (field: string): Malformed => ({ [field]: null });
export const nullFor = (field: string): Malformed => ({ [field]: 'null' });
export const emptyText = (field: string): Malformed => ({ [field]: '""' });
export const numberAsText = (field: string): Malformed => ({ [field]: '"1834"' });
export const textAsNumber = (field: string): Malformed => ({ [field]: '1834' });
export const notANumber = (field: string): Malformed => ({ [field]: 'NaN' });
/** beyond 2^53 */
export const hugeInteger = (field: string): Malformed => ({ [field]: '9007199254740993123' });
export const loneSurrogate = (field: string): Malformed => ({ [field]: '"cut \\ud83d here"' });
export const newValue = (field: string): Malformed => ({ [field]: '"never_seen_before"' });
export const duplicateKey = (field: string): Malformed => ({ [field]: `"first",${JSON.stringify(field)}:"second"` });
export const unknownField = (): Malformed => ({ brand_new_field: '{"since":"2099"}' });
export const prototypeKey = (): Malformed => ({ ['__proto__']: '{"polluted":true}' });

export const depthBomb = (field: string, depth = 100_000): Malformed => ({
  [field]: '['.repeat(depth) + ']'.repeat(depth),
});

export const hugeText = (field: string, bytes = 10 * 1024 * 1024): Malformed => ({ [field]: `"${'x'.repeat(bytes)}"` });
