import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Identity } from '#infra/local/access/access.ts';
import { grantText } from '#infra/local/access/grants.ts';
import { identitiesOf } from '#infra/local/access/identities-of.ts';
import { type Machine, startMachine } from '#infra/local/machine.ts';
import { startAccounts } from './accounts.ts';
import { exceptions } from './exceptions.ts';
import { exercise } from './exercise.ts';
import { complaintsOf, openRecord, replay } from './judge.ts';

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
  expect(complaintsOf(replay(identities, record), exceptions)).toEqual([]);
  for (const [i, identity] of identities.entries()) {
    const { name, grants } = identity;
    const withGrants = (changed: Identity['grants']): string[] =>
      complaintsOf(replay(identities.with(i, { name, grants: changed }), record), exceptions);
    for (const grant of grants) {
      const isKnown = machine.parts.access
        .granted()
        .some((one) => one.name === name && one.right === grantText(grant) && one.isNeeded);
      if (isKnown)
        expect(withGrants(grants.filter((one) => one !== grant)), `${name} ${grantText(grant)}`).not.toEqual([]);
    }
    const [any] = grants;
    if (any)
      expect(withGrants([...grants, { ...any, action: 's3:DeleteBucket', covers: () => false }])).toHaveLength(1);
  }
});
