import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readSettings } from '#infra/settings.ts';
import { newApp } from '#infra/stacks.ts';
import { ConfigInvalid } from '#shared/domain/errors.ts';
import { exampleFile } from './synthesized.ts';

const folder = mkdtempSync(join(tmpdir(), 'earshot-settings-'));
const path = join(folder, 'connections.json');
const canary = 'canary-7f3e9c51';

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function settingsOf(file: unknown, context: Record<string, unknown> = {}) {
  writeFileSync(path, typeof file === 'string' ? file : JSON.stringify(file));
  return readSettings(newApp({ connections: path, ...context }));
}

function faultsOf(read: () => unknown): readonly string[] {
  try {
    read();
  } catch (error) {
    if (error instanceof ConfigInvalid) return error.faults;
    throw error;
  }
  return [];
}

describe('the accounts that may subscribe', () => {
  const accountsOf = (subscriberAccounts: unknown) =>
    settingsOf(exampleFile, { subscriberAccounts }).subscriberAccounts;

  it('are a list in cdk.json or a text on the command line; nobody where there is neither', () => {
    expect(settingsOf(exampleFile).subscriberAccounts).toEqual([]);
    expect(accountsOf(['111122223333', '444455556666'])).toEqual(['111122223333', '444455556666']);
    expect(accountsOf('111122223333, 444455556666,111122223333')).toEqual(['111122223333', '444455556666']);
  });

  it.each([
    [['111122223333', '44445555666'], 'subscriberAccounts[1]: expected an account: twelve digits, as text'],
    [[111122223333], 'subscriberAccounts[0]: expected an account: twelve digits, as text'],
    ['111122223333,*', 'subscriberAccounts[1]: expected an account: twelve digits, as text'],
    ['', 'subscriberAccounts[0]: expected an account: twelve digits, as text'],
    [{ all: true }, 'subscriberAccounts: expected a list of accounts'],
    [Array.from({ length: 101 }, (_, i) => String(111122220000 + i)), 'subscriberAccounts: expected at most 100'],
  ])('are refused as %j', (given, fault) => {
    expect(faultsOf(() => accountsOf(given))).toEqual([fault]);
  });
});

describe('the budget', () => {
  const budgetOf = (monthlyBudget: unknown) => settingsOf(exampleFile, { monthlyBudget }).monthlyBudget;

  it('is whole dollars, as a number or a text, fifty where nobody says', () => {
    expect(settingsOf(exampleFile).monthlyBudget).toBe(50);
    expect([budgetOf(200), budgetOf('200'), budgetOf('0')]).toEqual([200, 200, 0]);
  });

  it.each(['', '-1', '12.5', '1e3', 'ten', -1, 0.5, true])('is refused as %j', (given) => {
    expect(faultsOf(() => budgetOf(given))).toEqual(['monthlyBudget: expected whole dollars, or 0 for no budget']);
  });
});

describe('readSettings', () => {
  it('reads a good file, with a name of its own or ours', () => {
    expect(settingsOf(exampleFile)).toMatchObject({ name: 'earshot', oneMachine: false });
    expect(settingsOf(exampleFile, { name: 'acme-calls' }).name).toBe('acme-calls');
    expect(settingsOf(exampleFile).file.connections.map(({ id }) => id)).toEqual(['sales-us', 'sales-eu', 'support']);
  });

  it('takes the example that the project ships', () => {
    const example = newApp({ connections: 'infra/connections.example.json' });
    expect(readSettings(example).file.connections.length).toBeGreaterThan(1);
  });

  it.each([true, 'true'])('takes oneMachine as %j, as the CLI and the local runtime say it', (oneMachine) => {
    const hasty = { connections: [{ ...exampleFile.connections[0], every: '5s' }] };
    expect(settingsOf(hasty, { oneMachine })).toMatchObject({ oneMachine: true });
    expect(faultsOf(() => settingsOf(hasty))).toEqual([expect.stringMatching(/^connections\[0\]\.every: /)]);
  });

  it.each(['', 'Not_This', '-a', 'a-', '1a', 'a'.repeat(24)])('refuses the name %j', (name) => {
    expect(faultsOf(() => settingsOf(exampleFile, { name }))).toEqual([expect.stringMatching(/^name: expected/)]);
  });

  it('says what is missing without a file', () => {
    const faults = faultsOf(() => readSettings(newApp()));
    expect(faults).toEqual([expect.stringMatching(/^connections: expected -c connections=FILE/)]);
  });

  it('says which file cannot be read', () => {
    const faults = faultsOf(() => readSettings(newApp({ connections: '/nowhere/connections.json' })));
    expect(faults).toEqual(['connections: expected a file that can be read at /nowhere/connections.json']);
  });

  it('does not quote a file that is not JSON', () => {
    const faults = faultsOf(() => settingsOf(`{ "token": "${canary}"`));
    expect(faults).toEqual([`connections: expected JSON in ${path}`]);
  });

  it('names the providers that it can read', () => {
    const unknown = { connections: [{ id: 'a', provider: 'fax', credentials: { secret: 's' } }] };
    expect(faultsOf(() => settingsOf(unknown)).join()).toMatch(/^connections\[0\]\.provider: .*"salesloft"/);
  });

  it('refuses a connection whose addresses cannot be told', () => {
    const nowhere = { connections: [{ id: 'a', provider: 'talkdesk', region: 'mars', credentials: { secret: 's' } }] };
    expect(faultsOf(() => settingsOf(nowhere))).toEqual([
      'connections[0].baseUrl: expected an address, or a region that gives one',
      'connections[0].tokenUrl: expected an address, or an account (and region) that gives one',
    ]);
  });

  it('refuses a lookback as wide as the widest window, in which a watermark would stand still', () => {
    const wide = {
      connections: [{ id: 'a', provider: 'talkdesk', account: 'acme', credentials: { secret: 's' }, lookback: '7d' }],
    };
    expect(faultsOf(() => settingsOf(wide))).toEqual([
      'connections[0].lookback: expected less than 167h, the widest window that talkdesk answers',
    ]);
  });

  it('refuses the way in which another provider signs', () => {
    const signed = (id: string, provider: string, scheme: string) => ({
      ...{ id, provider, region: 'emea', account: 'acme', credentials: { secret: 's' } },
      webhook: { secrets: [{ secret: 'w' }], scheme },
    });
    const good = [signed('a', 'salesloft', 'salesloft'), signed('b', 'vonage', 'standard')];
    expect(settingsOf({ connections: good }).file.connections).toHaveLength(2);
    const bad = [signed('a', 'salesloft', 'magpipe'), signed('b', 'vonage', 'salesloft')];
    expect(faultsOf(() => settingsOf({ connections: bad }))).toEqual([
      'connections[0].webhook.scheme: expected "standard", or the way in which salesloft signs',
      'connections[1].webhook.scheme: expected "standard", or the way in which vonage signs',
    ]);
  });

  it('refuses values for one machine too, which keeps them in its Secrets Manager', () => {
    const inline = {
      connections: [{ id: 'a', provider: 'salesloft', credentials: { token: canary }, webhook: { secrets: [canary] } }],
      clients: [{ token: canary, scopes: ['conversations:read'] }],
    };
    expect(faultsOf(() => settingsOf(inline, { oneMachine: true }))).toEqual([
      'connections[0].credentials: expected {"secret": "name"}',
      'connections[0].webhook.secrets[0]: expected {"secret": "name"}',
      'clients[0].token: expected {"secret": "name"}',
    ]);
  });
});
