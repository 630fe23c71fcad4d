import type { DatabaseSync } from 'node:sqlite';
import { AwsError } from '../aws-error.ts';
import { arn } from '../template/arns.ts';
import type { RuleTarget } from './rule-target.ts';

export type Rule = {
  name: string;
  bus: string;
  state: 'ENABLED' | 'DISABLED';
  pattern: string;
  description: string | undefined;
  targets: RuleTarget[];
};

export const busSchema = `
  CREATE TABLE IF NOT EXISTS buses (name TEXT PRIMARY KEY) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS rules (bus TEXT, name TEXT, rule TEXT, PRIMARY KEY (bus, name)) WITHOUT ROWID;
  INSERT OR IGNORE INTO buses VALUES ('default');`;

/** Throws ResourceAlreadyExistsException. */
export function createBus(database: DatabaseSync, name: string): void {
  const { changes } = database.prepare('INSERT OR IGNORE INTO buses VALUES (?)').run(name);
  if (changes === 0) throw new AwsError('ResourceAlreadyExistsException', `Event bus ${name} already exists.`);
}

export function hasBus(database: DatabaseSync, name: string): boolean {
  return database.prepare('SELECT 1 FROM buses WHERE name = ?').get(name) !== undefined;
}

/** Throws ResourceNotFoundException. */
export function requireBus(database: DatabaseSync, name: string): void {
  if (!hasBus(database, name)) throw new AwsError('ResourceNotFoundException', `Event bus ${name} does not exist.`);
}

/** In the order of names. */
export function listRules(database: DatabaseSync, bus: string): Rule[] {
  const rows = database.prepare('SELECT rule FROM rules WHERE bus = ? ORDER BY name').all(bus);
  return rows.map((row) => JSON.parse(String(row['rule'])));
}

export function findRule(database: DatabaseSync, bus: string, name: string): Rule | undefined {
  return listRules(database, bus).find((rule) => rule.name === name);
}

/** Throws ResourceNotFoundException. */
export function requireRule(database: DatabaseSync, bus: string, name: string): Rule {
  const rule = findRule(database, bus, name);
  if (rule) return rule;
  throw new AwsError('ResourceNotFoundException', `Rule ${name} does not exist on EventBus ${bus}.`);
}

export function putRule(database: DatabaseSync, rule: Rule): void {
  database.prepare('INSERT OR REPLACE INTO rules VALUES (?, ?, ?)').run(rule.bus, rule.name, JSON.stringify(rule));
}

export function deleteRule(database: DatabaseSync, { bus, name }: Rule): void {
  database.prepare('DELETE FROM rules WHERE bus = ? AND name = ?').run(bus, name);
}

export function ruleArn({ bus, name }: Rule): string {
  return arn('events', bus === 'default' ? `rule/${name}` : `rule/${bus}/${name}`);
}
