import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { expect, it } from 'vitest';
import { readSettings } from '#infra/settings.ts';
import { addStacks, newApp } from '#infra/stacks.ts';
import { parseConnections } from '#shared/domain/read-connections.ts';

const root = resolve(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(resolve(root, path), 'utf8');
const page = read('docs/deploy.md');
const all = (text: string, pattern: RegExp): string[] => [...text.matchAll(pattern)].map(([, found = '']) => found);
const blocks = [...page.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].map(([, language, text = '']) => ({
  language,
  text,
}));
const written = (language: string) => blocks.filter((block) => block.language === language).map(({ text }) => text);
const commands = written('').join('');
const [file = '', webhook = ''] = written('json');

const { $schema: schema, ...connections } = JSON.parse(file);
const parsed = parseConnections(connections, { oneMachine: false });
const app = newApp({ 'aws:cdk:bundling-stacks': [] });
addStacks(app, { ...{ name: 'earshot', oneMachine: false, subscriberAccounts: [], monthlyBudget: 50 }, file: parsed });
const stacks = new Map(
  app.node.children
    .filter((child) => child instanceof Stack)
    .map((stack) => [stack.stackName, Template.fromStack(stack).toJSON()]),
);

it('names stacks and outputs that there are', () => {
  const named = [...commands.matchAll(/output (earshot-[a-z]+) (\w+)/g)];
  expect(named.length).toBeGreaterThanOrEqual(4);
  for (const [, stack = '', output = ''] of named) expect(stacks.get(stack)?.['Outputs'], stack).toHaveProperty(output);
  for (const stack of all(commands, /--stack-name (earshot-[a-z]+)/g)) expect([...stacks.keys()]).toContain(stack);
  for (const type of all(commands, /ResourceType=='([\w:]+)'/g)) {
    expect(JSON.stringify(stacks.get('earshot-storage'))).toContain(type);
  }
});

it('shows connections that can be deployed, whose secrets it has made', () => {
  const made = all(commands, /create-secret --name (\S+)/g);
  const wanted = (text: string) => all(text, /"secret": "([^"]+)"/g);
  expect(wanted(file).length).toBeGreaterThan(2);
  for (const secret of [...wanted(file), ...wanted(webhook)]) expect(made).toContain(secret);
  const pushed = { connections: [JSON.parse(webhook)], clients: [] };
  expect(parseConnections(pushed, { oneMachine: false }).connections[0]?.id).toBe('sales-us');
  expect(read(schema.replace('./', ''))).toContain('"connections"');
});

it('asks for tokens as a client that stands in the file, with a scope that shows conversations', () => {
  const [client] = all(commands, /curl -s -u "(\w+):\$SECRET"/g);
  expect(connections.clients.map(({ clientId }: { clientId: string }) => clientId)).toContain(client);
  const routes = Object.keys(JSON.parse(read('docs/openapi.json')).paths);
  for (const path of all(commands, /\$\{API\}([\w/]+)/g)) expect(routes).toContain(`/${path}`);
  // The output ends with a slash: what stands behind it begins without one.
  expect(JSON.stringify(stacks.get('earshot-api')?.['Outputs']['Address'])).toContain('FunctionUrl');
  expect(JSON.stringify(stacks.get('earshot-webhooks')?.['Outputs']['Address'])).toContain('webhooks/');
});

it('names every context that a deployment reads, and none that it does not', () => {
  const read = new Set<string>();
  const context = { connections: resolve(root, 'infra/connections.example.json') };
  const asked = newApp(context);
  const tryGetContext = asked.node.tryGetContext.bind(asked.node);
  asked.node.tryGetContext = (key: string) => {
    read.add(key);
    return tryGetContext(key);
  };
  readSettings(asked);
  const inTable = all(page, /^\| `-c (\w+)=/gm);
  expect(inTable.toSorted()).toEqual([...read].filter((key) => key !== 'oneMachine').toSorted());
  for (const key of all(commands, /-c (\w+)=/g)) expect(inTable).toContain(key);
});
