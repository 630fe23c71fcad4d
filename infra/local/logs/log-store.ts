import type { DatabaseSync } from 'node:sqlite';
import { AwsError } from '../aws-error.ts';
import { transaction } from '../sqlite.ts';

/** A line as it was put; `timestamp` in milliseconds since 1970. */
export type InputEvent = { timestamp: number; message: string };
/** A line with its place: in the order of time, then of arrival. */
export type StoredEvent = InputEvent & { id: number; stream: string; ingestionTime: number };

export type Place = Pick<StoredEvent, 'timestamp' | 'id'>;
export type Selection = {
  group: string;
  /** all streams where absent */
  streams?: readonly string[] | undefined;
  /** included, in milliseconds since 1970 */
  from?: number | undefined;
  /** not included */
  to?: number | undefined;
  /** only what stands behind this place, or before it where the newest come first */
  beyond?: Place | undefined;
  newestFirst: boolean;
  limit: number;
};

export const logSchema = `
  CREATE TABLE IF NOT EXISTS groups (name TEXT PRIMARY KEY) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS streams (log TEXT, name TEXT, PRIMARY KEY (log, name)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS events (
    id INTEGER PRIMARY KEY, log TEXT, stream TEXT, timestamp INTEGER, ingested INTEGER, message TEXT);
  CREATE INDEX IF NOT EXISTS eventsByTime ON events (log, timestamp, id);`;

/** Throws ResourceAlreadyExistsException. */
export function createGroup(database: DatabaseSync, name: string): void {
  const { changes } = database.prepare('INSERT OR IGNORE INTO groups VALUES (?)').run(name);
  if (changes === 0) throw alreadyExists('group');
}

/** Throws ResourceAlreadyExistsException, and ResourceNotFoundException for its group. */
export function createStream(database: DatabaseSync, group: string, name: string): void {
  requireGroup(database, group);
  const { changes } = database.prepare('INSERT OR IGNORE INTO streams VALUES (?, ?)').run(group, name);
  if (changes === 0) throw alreadyExists('stream');
}

/** Durable when it returns: all lines or none. Throws ResourceNotFoundException. */
export function addEvents(
  database: DatabaseSync,
  group: string,
  stream: string,
  events: readonly InputEvent[],
  now: number,
): void {
  requireStream(database, group, stream);
  const insert = database.prepare('INSERT INTO events VALUES (NULL, ?, ?, ?, ?, ?)');
  transaction(database, () => {
    for (const { timestamp, message } of events) insert.run(group, stream, timestamp, now, message);
  });
}

/** Lines in the order asked for. Throws ResourceNotFoundException. */
export function selectEvents(database: DatabaseSync, selection: Selection): StoredEvent[] {
  const { group, streams, from, to, beyond, newestFirst, limit } = selection;
  requireGroup(database, group);
  const conditions: [text: string, ...values: (string | number)[]][] = [['log = ?', group]];
  if (streams) conditions.push([`stream IN (${streams.map(() => '?').join()})`, ...streams]);
  if (from !== undefined) conditions.push(['timestamp >= ?', from]);
  if (to !== undefined) conditions.push(['timestamp < ?', to]);
  if (beyond) conditions.push([`(timestamp, id) ${newestFirst ? '<' : '>'} (?, ?)`, beyond.timestamp, beyond.id]);
  const order = newestFirst ? 'timestamp DESC, id DESC' : 'timestamp, id';
  const where = conditions.map(([text]) => text).join(' AND ');
  const rows = database
    .prepare(`SELECT * FROM events WHERE ${where} ORDER BY ${order} LIMIT ?`)
    .all(...conditions.flatMap(([, ...values]) => values), limit);
  return rows.map((row) => ({
    id: Number(row['id']),
    stream: String(row['stream']),
    timestamp: Number(row['timestamp']),
    ingestionTime: Number(row['ingested']),
    message: String(row['message']),
  }));
}

/** Throws ResourceNotFoundException. */
export function requireStream(database: DatabaseSync, group: string, name: string): void {
  requireGroup(database, group);
  const found = database.prepare('SELECT 1 FROM streams WHERE log = ? AND name = ?').get(group, name);
  if (!found) throw new AwsError('ResourceNotFoundException', 'The specified log stream does not exist.');
}

function requireGroup(database: DatabaseSync, name: string): void {
  if (database.prepare('SELECT 1 FROM groups WHERE name = ?').get(name)) return;
  throw new AwsError('ResourceNotFoundException', 'The specified log group does not exist.');
}

const alreadyExists = (what: 'group' | 'stream'): AwsError =>
  new AwsError('ResourceAlreadyExistsException', `The specified log ${what} already exists`);
