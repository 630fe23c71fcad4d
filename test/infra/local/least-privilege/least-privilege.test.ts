import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Identity } from '#infra/local/access/access.ts';
import { grantsOf, grantText } from '#infra/local/access/grants.ts';
import { identitiesOf } from '#infra/local/access/identities-of.ts';
import { type Machine, startMachine } from '#infra/local/machine.ts';
import { startAccounts } from './accounts.ts';
import { exceptions } from './exceptions.ts';
import { exercise } from './exercise.ts';
import { complaintsOf, judge, openRecord, together } from './judge.ts';

const folder = mkdtempSync(join(tmpdir(), 'earshot-rights-'));
const record = openRecord();
const said: string[] = [];
let accounts: Awaited<ReturnType<typeof startAccounts>>;
let machine: Machine;
let identities: Identity[];

beforeAll(async () => {
  accounts = await startAccounts();
  const connections = join(folder, 'connections.json');
  writeFileSync(connections, JSON.stringify(accounts.file));
  const token = { value: 'all-scopes', made: false };
  const given = { connections, port: 0, data: join(folder, 'data'), token, events: null };
  const say = (line: string): void => void said.push(line);
  machine = await startMachine(given, { say, onAsk: record.add, signal: new AbortController().signal });
  identities = identitiesOf(machine.parts.description);
}, 180_000);
afterAll(async () => {
  await machine?.stop();
  await accounts?.close();
  rmSync(folder, { recursive: true });
});

it('every function may do what it does, and does what it may', async () => {
  await exercise(machine, accounts);
  expect(complaintsOf(machine.parts.access, exceptions)).toEqual([]);
}, 180_000);

it('one right less, and one right more, of any function, is told', () => {
  const judged = identities.map((identity) => judge(identity, record));
  expect(complaintsOf(together(judged), exceptions)).toEqual([]);
  for (const [i, { name, grants }] of identities.entries()) {
    const complaints = (changed: Identity['grants']): string[] =>
      complaintsOf(together(judged.with(i, judge({ name, grants: changed }, record))), exceptions);
    const needed = new Set(judged[i]?.granted().flatMap(({ right, isNeeded }) => (isNeeded ? [right] : [])));
    for (const grant of grants.filter((one) => needed.has(grantText(one))))
      expect(complaints(grants.filter((one) => one !== grant)), `${name} ${grantText(grant)}`).not.toEqual([]);
    const more = grantsOf([{ effect: 'Allow', actions: ['s3:DeleteBucket'], resources: ['*'], conditions: [] }]);
    expect(complaints([...grants, ...more])).toHaveLength(1);
  }
});
