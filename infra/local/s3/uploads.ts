import type { DatabaseSync } from 'node:sqlite';
import { AwsError } from '../aws-error.ts';
import type { StoredFile } from './object-files.ts';

export type Upload = {
  id: string;
  bucket: string;
  key: string;
  started: number;
  headers: Record<string, string>;
  /** header name of the checksum that its parts have, in lower case, where it was begun with one */
  checksum?: string;
};
export type Part = {
  number: number;
  etag: string;
  modified: number;
  checksums: Record<string, string>;
  file: StoredFile;
};

type Row = Record<string, unknown>;

/** No header has a name like this. */
const checksumField = '(checksum)';

export function insertUpload(database: DatabaseSync, { id, bucket, key, started, headers, checksum }: Upload): void {
  // In one column, which data of an older version has as well.
  const values = [id, bucket, Buffer.from(key), started, JSON.stringify({ ...headers, [checksumField]: checksum })];
  database.prepare('INSERT INTO uploads VALUES (?, ?, ?, ?, ?)').run(...values);
}

export function findUpload(database: DatabaseSync, id: string, bucket: string, key: string): Upload | undefined {
  const query = 'SELECT * FROM uploads WHERE id = ? AND bucket = ? AND key = ?';
  const row = database.prepare(query).get(id, bucket, Buffer.from(key));
  return row && uploadOf(row);
}

/** Throws NoSuchUpload. */
export function requireUpload(database: DatabaseSync, id: string, bucket: string, key: string): Upload {
  const upload = findUpload(database, id, bucket, key);
  if (upload) return upload;
  throw new AwsError('NoSuchUpload', 'The specified multipart upload does not exist.', 404);
}

/** In the order of keys, then of the time they began. */
export function listUploads(database: DatabaseSync, bucket: string): Upload[] {
  const query = 'SELECT * FROM uploads WHERE bucket = ? ORDER BY key, started, id';
  return database.prepare(query).all(bucket).map(uploadOf);
}

/** Replaces a part of the same number; returns the file that is free then. */
export function putPart(database: DatabaseSync, upload: string, part: Part): StoredFile[] {
  const before = database.prepare('SELECT info FROM parts WHERE upload = ? AND number = ?').get(upload, part.number);
  database.prepare('INSERT OR REPLACE INTO parts VALUES (?, ?, ?)').run(upload, part.number, JSON.stringify(part));
  return before ? [partOf(before).file] : [];
}

export function listParts(database: DatabaseSync, upload: string): Part[] {
  return database.prepare('SELECT info FROM parts WHERE upload = ? ORDER BY number').all(upload).map(partOf);
}

/** Forgets the upload and its parts. The files stay. */
export function deleteUpload(database: DatabaseSync, id: string): void {
  database.prepare('DELETE FROM uploads WHERE id = ?').run(id);
  database.prepare('DELETE FROM parts WHERE upload = ?').run(id);
}

function uploadOf(row: Row): Upload {
  const key = Buffer.from(row['key'] as Uint8Array).toString(); // a BLOB column
  const { [checksumField]: checksum, ...headers } = JSON.parse(String(row['headers']));
  return {
    id: String(row['id']),
    bucket: String(row['bucket']),
    key,
    started: Number(row['started']),
    headers,
    checksum,
  };
}

function partOf(row: Row): Part {
  return JSON.parse(String(row['info']));
}
