import { describe, expect, test } from 'vitest';
import { deriveConnections } from '#infra/local/derive-connections.ts';
import { eventLine } from '#infra/local/event-lines.ts';
import { makeSecretValue } from '#infra/local/secret-value.ts';
import { parseConnections } from '#shared/domain/read-connections.ts';

const written = parseConnections(
  {
    connections: [
      {
        id: 'a',
        provider: 'salesloft',
        credentials: { token: 'value-1' },
        webhook: { secrets: ['value-2', { secret: 'kept' }] },
      },
      { id: 'b', provider: 'talkdesk', region: 'eu', account: 'x', credentials: { secret: 'mine' } },
    ],
    clients: [
      { clientId: 'crm', clientSecret: 'value-3', scopes: ['conversations:read'] },
      { token: 'value-4', scopes: ['recordings:read'] },
    ],
  },
  { oneMachine: true },
);

describe('derived connections', () => {
  const derived = deriveConnections(written, 'value-5');

  test('hold no value, and are what a deployment takes', () => {
    expect(JSON.stringify(derived.file)).not.toContain('value-');
    expect(parseConnections(JSON.parse(JSON.stringify(derived.file)), { oneMachine: false })).toEqual(derived.file);
  });

  test('name every value once', () => {
    expect(derived.secrets).toEqual([
      { name: 'earshot/local/connections/a/credentials', value: '{"token":"value-1"}' },
      { name: 'earshot/local/connections/a/webhook-0', value: 'value-2' },
      { name: 'earshot/local/clients/0/secret', value: 'value-3' },
      { name: 'earshot/local/clients/1/token', value: 'value-4' },
      { name: 'earshot/local/token', value: 'value-5' },
    ]);
    expect(derived.named).toEqual([
      { path: 'connections[0].webhook.secrets[1]', name: 'kept' },
      { path: 'connections[1].credentials', name: 'mine' },
    ]);
  });

  test('the token may do everything', () => {
    expect(derived.file.clients.at(-1)).toEqual({
      clientId: 'one-machine',
      token: { secret: 'earshot/local/token' },
      scopes: expect.arrayContaining([
        'conversations:read',
        'interaction-content:read',
        'operations:write',
        'recordings:read',
      ]),
      perMinute: 60_000,
    });
  });
});

test('a generated secret has the length and the marks asked for, and differs each time', () => {
  const value = { kind: 'generated', length: 64, alphabet: 'abc' } as const;
  expect(makeSecretValue(value)).toMatch(/^[abc]{64}$/);
  expect(makeSecretValue(value)).not.toBe(makeSecretValue(value));
  const made = makeSecretValue({ ...value, template: { json: '{"user":"u"}', key: 'password' } });
  expect(JSON.parse(made)).toEqual({ user: 'u', password: expect.stringMatching(/^[abc]{64}$/) });
});

test('an event is one line without anything of its content', () => {
  const at = new Date('2026-03-02T09:14:07.123Z');
  const detail = {
    type: 'earshot.conversation.discovered.v1',
    subject: 'a:1',
    data: { connection: 'a', phone: '+441632960111' },
  };
  expect(eventLine(detail, at)).toBe('09:14:07  conversation.discovered  a  a:1');
  expect(eventLine({ phone: '+441632960111' }, at)).not.toContain('+44');
});
