import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { found } from './whole-app.ts';

const runbook = readFileSync(resolve(import.meta.dirname, '../../docs/runbook.md'), 'utf8');
const [, ...parts] = runbook.split(/^## /m);
const sections = new Map(parts.map((part) => [part.slice(0, part.indexOf('\n')), part.slice(part.indexOf('\n'))]));

const alarms = found('AWS::CloudWatch::Alarm').map(({ properties }) => ({
  name: String(properties['AlarmName']),
  text: String(properties['AlarmDescription']),
}));
const addressOf = (text: string): string => / Runbook: docs\/runbook\.md#([a-z-]+)$/.exec(text)?.[1] ?? '';
const budgets = found('AWS::Budgets::Budget').map(({ properties }) => JSON.stringify(properties));

it('has a section for each alarm, whose address ends its text, and none without an alarm', () => {
  expect(alarms.length).toBeGreaterThan(30);
  for (const { name, text } of alarms) expect(sections.has(addressOf(text)), name).toBe(true);
  const told = new Set([...alarms.map(({ text }) => addressOf(text)), 'monthly-budget']);
  expect([...sections.keys()].filter((section) => !told.has(section))).toEqual([]);
  expect(budgets).toEqual([expect.stringContaining('"earshot-monthly-budget"')]);
});

it('says in each what to do, and each alarm what it means before that', () => {
  for (const [section, text] of sections) expect(text, section).toMatch(/^\n[A-Z][\s\S]+\n1\. [\s\S]+\.\n$/m);
  for (const { name, text } of alarms) expect(text.replace(/ Runbook: .*/, '').length, name).toBeGreaterThan(80);
});

it('names redrives that there are, and routes of the API', () => {
  const kinds = [...runbook.matchAll(/redrives (?:\{"kind":"(\w+)"\}|`)/g)].map(([, kind]) => kind);
  expect(new Set(kinds)).toEqual(new Set(['inbox', 'media', 'operations', 'publish']));
});
