import { AwsError } from '../aws-error.ts';
import type { ObjectInfo, ObjectStore } from './object-store.ts';
import type { S3Request } from './request.ts';
import type { S3Operation } from './s3-operation.ts';
import { document, type Element } from './xml.ts';

const maxKeysPerPage = 1000;

type Entry = { key: string; info: ObjectInfo } | { commonPrefix: string };

/** Keys in the order of their UTF-8 bytes; a continuation token holds the last entry that was given out. */
export const listObjectsV2: S3Operation = ({ bucket, query }, { store }) => {
  store.requireBucket(bucket);
  const prefix = query.get('prefix') ?? '';
  const delimiter = query.get('delimiter') ?? '';
  const token = query.get('continuation-token');
  const limit = pageSize(query.get('max-keys'), maxKeysPerPage);
  const encode = keyEncoder(query);
  const after = token === undefined ? { key: query.get('start-after') ?? '' } : parseToken(token);

  const entries = limit === 0 ? [] : collect(store, { bucket, prefix, delimiter, after, limit: limit + 1 });
  const page = entries.slice(0, limit);
  const last = page.at(-1);
  const truncated = entries.length > limit && last !== undefined;
  const optional = (name: string, value: string | undefined): Element | undefined =>
    value === undefined || value === '' ? undefined : [name, value];
  const xml = document('ListBucketResult', [
    ['Name', bucket],
    ['Prefix', encode(prefix)],
    optional('Delimiter', encode(delimiter)),
    optional('StartAfter', encode(query.get('start-after') ?? '')),
    optional('EncodingType', query.get('encoding-type')),
    optional('ContinuationToken', token),
    ['MaxKeys', limit],
    ['KeyCount', page.length],
    ['IsTruncated', truncated],
    optional('NextContinuationToken', truncated ? makeToken(last) : undefined),
    ...page.map((entry) => renderEntry(entry, encode)),
  ]);
  return { status: 200, xml };
};

/** A page size parameter, cut to what S3 gives at most. */
export function pageSize(text: string | undefined, most: number): number {
  if (text === undefined) return most;
  if (!/^\d{1,9}$/.test(text)) throw new AwsError('InvalidArgument', 'the number of entries is not a number');
  return Math.min(Number(text), most);
}

/** XML cannot carry every character, so a client may ask for percent-encoded keys. */
export function keyEncoder(query: S3Request['query']): (key: string) => string {
  const type = query.get('encoding-type');
  if (type !== undefined && type !== 'url') throw new AwsError('InvalidArgument', 'Invalid Encoding Method specified');
  return type === 'url' ? (key) => encodeURIComponent(key).replaceAll('%2F', '/') : (key) => key;
}

type Position = { key: string } | { commonPrefix: string };
type Query = { bucket: string; prefix: string; delimiter: string; after: Position; limit: number };

function collect(store: ObjectStore, { bucket, prefix, delimiter, after, limit }: Query): Entry[] {
  const start = Buffer.from(prefix);
  const end = successor(start);
  let from = firstBehind(after);
  if (from && from.compare(start) < 0) from = start;
  const entries: Entry[] = [];
  while (from && entries.length < limit) {
    const rows = store.list(bucket, from, end, delimiter === '' ? limit : 1);
    from = undefined;
    for (const row of rows) {
      const cut = delimiter === '' ? -1 : row.key.indexOf(delimiter, prefix.length);
      const commonPrefix = row.key.slice(0, cut + delimiter.length);
      entries.push(cut < 0 ? row : { commonPrefix });
      if (delimiter !== '') from = firstBehind(cut < 0 ? row : { commonPrefix });
    }
  }
  return entries;
}

function firstBehind(position: Position): Buffer | undefined {
  if ('commonPrefix' in position) return successor(position.commonPrefix);
  return position.key === '' ? Buffer.of() : Buffer.from(`${position.key}\0`);
}

/** The first byte string behind all that begin with `prefix`; undefined where there is none. */
function successor(prefix: string | Buffer): Buffer | undefined {
  const bytes = Buffer.from(prefix);
  for (let end = bytes.length; end > 0; end--) {
    const byte = bytes[end - 1] ?? 0;
    if (byte < 0xff) return Buffer.concat([bytes.subarray(0, end - 1), Buffer.of(byte + 1)]);
  }
  return undefined;
}

function renderEntry(entry: Entry, encode: (key: string) => string): Element {
  if ('commonPrefix' in entry) return ['CommonPrefixes', [['Prefix', encode(entry.commonPrefix)]]];
  const { key, info } = entry;
  return [
    'Contents',
    [
      ['Key', encode(key)],
      ['LastModified', new Date(info.modified).toISOString()],
      ['ETag', `"${info.etag}"`],
      ['Size', info.size],
      ['StorageClass', 'STANDARD'],
    ],
  ];
}

function makeToken(last: Entry): string {
  const text = 'commonPrefix' in last ? `p${last.commonPrefix}` : `k${last.key}`;
  return Buffer.from(text).toString('base64url');
}

function parseToken(token: string): Position {
  const text = Buffer.from(token, 'base64url').toString();
  if (text.startsWith('p')) return { commonPrefix: text.slice(1) };
  if (text.startsWith('k')) return { key: text.slice(1) };
  throw new AwsError('InvalidArgument', 'The continuation token provided is incorrect');
}
