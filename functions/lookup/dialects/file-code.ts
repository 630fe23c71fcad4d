/** A file of a conversation: the record's uuid and the file's key. */
export type FileName = { uuid: string; key: string };

const uuidBytes = 16;
/** A key has at most 512 characters; a longer code is none of ours. */
const longestCode = 2_100;

/** The id under which a dialect shows a file: base64url of uuid and key, so that it reads back without a search. */
export const fileCode = ({ uuid, key }: FileName): string =>
  Buffer.concat([Buffer.from(uuid.replaceAll('-', ''), 'hex'), Buffer.from(key.toWellFormed(), 'utf8')]).toString(
    'base64url',
  );

/** The file that `fileCode` named; null for any other text. */
export function readFileCode(code: string): FileName | null {
  if (code.length > longestCode) return null;
  const bytes = Buffer.from(code, 'base64url');
  const hex = bytes.subarray(0, uuidBytes).toString('hex');
  const uuid = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
  const name = { uuid, key: bytes.subarray(uuidBytes).toString('utf8') };
  // Node reads base64url leniently, and half a character as another: the same name in another spelling is no id.
  return bytes.length > uuidBytes && fileCode(name) === code ? name : null;
}
