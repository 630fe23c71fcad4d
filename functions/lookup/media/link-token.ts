import { createHmac, timingSafeEqual } from 'node:crypto';

/** Which bytes a link is for: the conversation's uuid and the file's key. */
export type LinkedFile = { uuid: string; key: string };

const pattern = /^([1-9]\d{0,15})\.([A-Za-z0-9_-]{1,400})\.([A-Za-z0-9_-]{43})$/;

/** `<expiry>.<client>.<mac>`: who may read the file, and until when (milliseconds since 1970). HMAC-SHA-256. */
export function signLink(key: Uint8Array, file: LinkedFile, client: string, expiresAt: number): string {
  const said = `${expiresAt}.${Buffer.from(client).toString('base64url')}`;
  return `${said}.${macOf(key, said, file)}`;
}

/** The client of a link to this file that is good now; null of any other. */
export function verifyLink(keys: readonly Uint8Array[], file: LinkedFile, link: string, now: number): string | null {
  const [, expiresAt, client = '', mac = ''] = pattern.exec(link) ?? [];
  if (expiresAt === undefined || now >= Number(expiresAt)) return null;
  // Texts are compared and not bytes: the same bytes in another spelling are not what we gave out.
  const given = Buffer.from(mac);
  const fits = keys.some((key) => timingSafeEqual(Buffer.from(macOf(key, `${expiresAt}.${client}`, file)), given));
  return fits ? Buffer.from(client, 'base64url').toString('utf8') : null;
}

/** Over JSON, so that no two files or clients run into one text. */
const macOf = (key: Uint8Array, said: string, file: LinkedFile): string =>
  createHmac('sha256', key)
    .update(JSON.stringify([said, file.uuid, file.key.toWellFormed()]))
    .digest('base64url');
