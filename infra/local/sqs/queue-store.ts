import type { DatabaseSync } from 'node:sqlite';
import { AwsError } from '../aws-error.ts';
import { nameOfArn, queueArn } from '../template/arns.ts';
import { checkQueueAttributes, type QueueAttributes, redrivePolicy, withDefaults } from './queue-attributes.ts';

export type Queue = { name: string; attributes: QueueAttributes; created: number; modified: number };

export const queueSchema = `
  CREATE TABLE IF NOT EXISTS queues (name TEXT PRIMARY KEY, attributes TEXT, created INTEGER, modified INTEGER);`;

/** Throws QueueDoesNotExist. */
export function requireQueue(database: DatabaseSync, name: string): Queue {
  const row = database.prepare('SELECT * FROM queues WHERE name = ?').get(name);
  if (!row) throw new AwsError('QueueDoesNotExist', 'The specified queue does not exist.');
  return {
    name,
    attributes: JSON.parse(String(row['attributes'])),
    created: Number(row['created']),
    modified: Number(row['modified']),
  };
}

/** Creating a queue again succeeds if it has the attributes given; else QueueNameExists, as on AWS. */
export function createQueue(database: DatabaseSync, name: string, attributes: QueueAttributes, now: number): void {
  checkQueueAttributes(attributes);
  checkDeadLetterQueue(database, attributes);
  const added = database
    .prepare('INSERT OR IGNORE INTO queues VALUES (?, ?, ?, ?)')
    .run(name, JSON.stringify(attributes), now, now);
  if (added.changes > 0) return;
  const present = withDefaults(requireQueue(database, name).attributes);
  const differs = Object.entries(attributes).find(([key, value]) => present[key] !== value);
  if (differs) throw new AwsError('QueueNameExists', `A queue exists with a different value for ${differs[0]}.`);
}

export function setQueueAttributes(
  database: DatabaseSync,
  name: string,
  attributes: QueueAttributes,
  now: number,
): void {
  const queue = requireQueue(database, name);
  checkQueueAttributes(attributes);
  checkDeadLetterQueue(database, attributes);
  const merged = JSON.stringify({ ...queue.attributes, ...attributes });
  database.prepare('UPDATE queues SET attributes = ?, modified = ? WHERE name = ?').run(merged, now, name);
}

/** In the order of names. */
export function listQueueNames(database: DatabaseSync): string[] {
  return database
    .prepare('SELECT name FROM queues ORDER BY name')
    .all()
    .map((row) => String(row['name']));
}

function checkDeadLetterQueue(database: DatabaseSync, attributes: QueueAttributes): void {
  const target = redrivePolicy(attributes)?.deadLetterTargetArn;
  if (target === undefined) return;
  const exists = listQueueNames(database).some((name) => queueArn(name) === target);
  if (!exists) throw new AwsError('InvalidParameterValue', `Dead letter target ${nameOfArn(target)} does not exist.`);
}
