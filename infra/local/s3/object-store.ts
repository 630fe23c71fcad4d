import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { AwsError } from '../aws-error.ts';
import { openDatabase, transaction } from '../sqlite.ts';
import { type ObjectFiles, openObjectFiles, type StoredFile } from './object-files.ts';

/** What is known of an object beside its bytes. */
export type ObjectInfo = {
  /** hex, without quotes */
  etag: string;
  size: number;
  /** milliseconds */
  modified: number;
  /** Content-Type, further content headers and `x-amz-meta-…`, as they came */
  headers: Record<string, string>;
  /** base64 by header name (`x-amz-checksum-crc32`) */
  checksums: Record<string, string>;
  /** the bytes, in this order */
  files: StoredFile[];
  /** the multipart upload that made it, so that a repeated completion is recognized */
  uploadId?: string;
};

export type ObjectStore = {
  database: DatabaseSync;
  files: ObjectFiles;
  createBucket(name: string): void;
  /** throws NoSuchBucket */
  requireBucket(name: string): void;
  find(bucket: string, key: string): ObjectInfo | undefined;
  /** Puts `info` in place unless `check`, told what stands there, throws; in the same step `also` is done. */
  put(bucket: string, key: string, info: ObjectInfo, check: (current?: ObjectInfo) => void, also?: () => void): void;
  remove(bucket: string, key: string, check: (current?: ObjectInfo) => void): void;
  /** In the order of the keys' UTF-8 bytes, from `from` (included) up to `to` (excluded). */
  list(bucket: string, from: Buffer, to: Buffer | undefined, limit: number): { key: string; info: ObjectInfo }[];
  close(): void;
};

const schema = `
  CREATE TABLE IF NOT EXISTS buckets (name TEXT PRIMARY KEY) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS objects (bucket TEXT, key BLOB, info TEXT, PRIMARY KEY (bucket, key)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS uploads (id TEXT PRIMARY KEY, bucket TEXT, key BLOB, started INTEGER, headers TEXT);
  CREATE TABLE IF NOT EXISTS parts (upload TEXT, number INTEGER, info TEXT, PRIMARY KEY (upload, number)) WITHOUT ROWID;
`;

const files = `
  SELECT value ->> 'name' AS name FROM objects, json_each(objects.info, '$.files')
  UNION ALL SELECT info ->> '$.file.name' FROM parts`;

/**
 * The rows are the truth and the files only hold bytes: an upload is written to a new file and counts from the commit
 * of its row, which is also where conditions are checked, so of many racing puts one wins.
 */
export function openObjectStore(dataDir: string): ObjectStore {
  const database = openDatabase(join(dataDir, 'objects.sqlite'), schema);
  const objectFiles = openObjectFiles(join(dataDir, 'objects'));
  objectFiles.sweep(
    new Set(
      database
        .prepare(files)
        .all()
        .map((row) => String(row['name'])),
    ),
  );
  const statements = {
    bucket: database.prepare('SELECT 1 FROM buckets WHERE name = ?'),
    addBucket: database.prepare('INSERT OR IGNORE INTO buckets VALUES (?)'),
    find: database.prepare('SELECT info FROM objects WHERE bucket = ? AND key = ?'),
    put: database.prepare('INSERT OR REPLACE INTO objects VALUES (?, ?, ?)'),
    remove: database.prepare('DELETE FROM objects WHERE bucket = ? AND key = ?'),
    list: database.prepare(
      'SELECT key, info FROM objects WHERE bucket = ? AND key >= ? AND (? IS NULL OR key < ?) ORDER BY key LIMIT ?',
    ),
  };
  const find = (bucket: string, key: string) => parseInfo(statements.find.get(bucket, Buffer.from(key)));

  /** Returns what stood there before. */
  function change(bucket: string, key: string, check: (current?: ObjectInfo) => void, write: () => void): void {
    const replaced = transaction(database, () => {
      const current = find(bucket, key);
      check(current);
      write();
      return current;
    });
    objectFiles.discard(replaced?.files ?? []);
  }

  return {
    database,
    files: objectFiles,
    createBucket: (name) => void statements.addBucket.run(name),
    requireBucket(name) {
      if (!statements.bucket.get(name)) throw new AwsError('NoSuchBucket', 'The specified bucket does not exist', 404);
    },
    find,
    put: (bucket, key, info, check, also) =>
      change(bucket, key, check, () => {
        statements.put.run(bucket, Buffer.from(key), JSON.stringify(info));
        also?.();
      }),
    remove: (bucket, key, check) =>
      change(bucket, key, check, () => void statements.remove.run(bucket, Buffer.from(key))),
    list: (bucket, from, to, limit) =>
      statements.list.all(bucket, from, to ?? null, to ?? null, limit).flatMap((row) => {
        const info = parseInfo(row);
        return info ? [{ key: Buffer.from(row['key'] as Uint8Array).toString(), info }] : []; // a BLOB column
      }),
    close: () => database.close(),
  };
}

function parseInfo(row: Record<string, unknown> | undefined): ObjectInfo | undefined {
  return row && JSON.parse(String(row['info']));
}
