import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { badParameters } from '../http/problem.ts';
import { keyIdLength, type LookupKeys } from './keys.ts';

/** How long a cursor may be used. */
const lifeMs = 24 * 3_600_000;
const cipher = 'aes-256-gcm';
const ivBytes = 12;
const tagBytes = 16;

/** What a cursor is good for: one client's one query. */
export type Binding = { client: string; query: Readonly<Record<string, unknown>> };

const boundTo = ({ client, query }: Binding): Buffer => {
  const named = Object.entries(query).filter(([, value]) => value !== undefined);
  named.sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify([client, named]))
    .digest();
};

/** A position in a list as opaque text: the key's id, then AES-256-GCM. `now` in milliseconds since 1970. */
export function sealCursor(key: LookupKeys, position: string, binding: Binding, now: number): string {
  const iv = randomBytes(ivBytes);
  const seal = createCipheriv(cipher, key.cursors, iv).setAAD(boundTo(binding));
  const text = JSON.stringify([now, position]);
  const sealed = Buffer.concat([iv, seal.update(text, 'utf8'), seal.final(), seal.getAuthTag()]);
  return key.id + sealed.toString('base64url');
}

/** The id of the key that a cursor says it was sealed with. Proves nothing yet. */
export const keyIdOfCursor = (cursor: string): string => cursor.slice(0, keyIdLength);

/** The position that `sealCursor` sealed with one of these keys. Throws a 400 that names `cursor` where it was altered, foreign or too old. */
export function openCursor(keys: readonly LookupKeys[], cursor: string, binding: Binding, now: number): string {
  const key = keys.find(({ id }) => id === keyIdOfCursor(cursor));
  const opened = key ? unseal(key.cursors, cursor.slice(keyIdLength), binding) : null;
  if (!opened) throw refused('expected the cursor of the page before, with the same query');
  const [sealedAt, position] = opened;
  if (now - sealedAt > lifeMs) throw refused('is older than 24 hours; begin the list again');
  return position;
}

const refused = (description: string) => badParameters([{ name: 'cursor', description }]);

function unseal(key: Uint8Array, sealed: string, binding: Binding): [number, string] | null {
  const bytes = Buffer.from(sealed, 'base64url');
  // Node reads base64url leniently: the same bytes in another spelling are not what we gave out.
  if (bytes.toString('base64url') !== sealed || bytes.length <= ivBytes + tagBytes) return null;
  const open = createDecipheriv(cipher, key, bytes.subarray(0, ivBytes), { authTagLength: tagBytes });
  open.setAAD(boundTo(binding)).setAuthTag(bytes.subarray(-tagBytes));
  try {
    const text = Buffer.concat([open.update(bytes.subarray(ivBytes, -tagBytes)), open.final()]).toString('utf8');
    return JSON.parse(text);
  } catch {
    return null;
  }
}
