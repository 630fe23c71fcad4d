import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { openSecrets } from '#shared/storage/secrets.ts';
import { fromSalesloft } from './accounts-world.ts';
import { openWorld, start, type World } from './webhook-harness.ts';

const minuteMs = 60_000;
let world: World;
beforeEach(() => {
  world = openWorld(
    [{ id: 'sales', provider: 'salesloft', webhook: { secrets: [{ secret: 'hooks/a' }, { secret: 'hooks/b' }] } }],
    { 'hooks/a': 'first', 'hooks/b': 'second' },
  );
});

const statusOf = async (secret: string, post = world.post): Promise<number> =>
  (await post('/webhooks/sales', fromSalesloft('{}', secret))).statusCode;

describe('the secrets of a webhook', () => {
  it('are all good, and read once while they fit', async () => {
    for (const secret of ['first', 'second', 'first']) expect(await statusOf(secret)).toBe(202);
    expect(world.manager.asked()).toBe(2);
  });

  it('rotate without a deployment: the new value is good at once, the old one from then on no more', async () => {
    expect(await statusOf('first')).toBe(202);
    world.manager.rotate('hooks/a', 'newer');
    expect(await statusOf('newer')).toBe(202);
    expect(await statusOf('first')).toBe(401);
    expect(await statusOf('second')).toBe(202);
  });

  it('that are taken away are no good after five minutes at the latest', async () => {
    expect(await statusOf('first')).toBe(202);
    world.manager.kept.delete('hooks/a');
    world.clock.now += 5 * minuteMs;
    expect(await statusOf('first')).toBe(401);
    expect(await statusOf('second')).toBe(202);
  });

  it('are asked for twice a minute at most, however many deliveries are forged', async () => {
    for (let i = 0; i < 50; i++) {
      expect(await statusOf(`guess ${i}`)).toBe(401);
      world.clock.now += 1_000;
    }
    expect(world.manager.asked()).toBe(2 + 2 * 2);
  });
});

describe('while secrets cannot be read', () => {
  const client = new SecretsManagerClient({ region: 'us-east-1' });
  const mock = mockClient(client);
  beforeEach(() => {
    mock.reset();
  });

  it('a delivery is sent back to come again, unless it fits one that can be', async () => {
    world.manager.open = (now) => openSecrets(now, client);
    mock.on(GetSecretValueCommand, { SecretId: 'hooks/a' }).rejects(new Error('down'));
    mock.on(GetSecretValueCommand, { SecretId: 'hooks/b' }).resolves({ SecretString: 'second' });
    const post = world.instance();
    expect(await statusOf('second', post)).toBe(202);
    expect(await statusOf('first', post)).toBe(503);
    expect(world.jobs).toHaveLength(1);
  });

  it('a value in memory is good for as long as it would be otherwise, though a forger has it asked for', async () => {
    const secrets = openSecrets(() => world.clock.now, client);
    mock.on(GetSecretValueCommand).resolves({ SecretString: 'kept' });
    await secrets.read('hooks/a');
    mock.on(GetSecretValueCommand).rejects(new Error('down'));
    await expect(secrets.read('hooks/a', { fresh: true })).rejects.toThrow('down');
    world.clock.now = start + 5 * minuteMs - 1;
    expect(await secrets.read('hooks/a')).toBe('kept');
    world.clock.now = start + 5 * minuteMs;
    await expect(secrets.read('hooks/a')).rejects.toThrow('down');
  });
});
