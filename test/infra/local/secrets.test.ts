import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as sm from '@aws-sdk/client-secrets-manager';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type LocalSecrets, startSecrets } from '#infra/local/secrets/start-secrets.ts';

const credentials = { accessKeyId: 'local', secretAccessKey: 'local-secret' };
let dataDir: string;
let server: LocalSecrets;
let client: sm.SecretsManagerClient;

async function start(): Promise<void> {
  server = await startSecrets({ dataDir });
  client = new sm.SecretsManagerClient({ endpoint: server.url, region: 'us-east-1', credentials, maxAttempts: 1 });
}

async function stop(): Promise<void> {
  client.destroy();
  await server.close();
}

const Name = 'earshot/local/support emea'.replace(' ', '-');
const create = (SecretString: string, ClientRequestToken?: string) =>
  client.send(new sm.CreateSecretCommand({ Name, SecretString, ClientRequestToken }));
const value = async (SecretId: string, rest: Partial<sm.GetSecretValueCommandInput> = {}) =>
  (await client.send(new sm.GetSecretValueCommand({ SecretId, ...rest }))).SecretString;

beforeEach(async () => {
  dataDir = join(mkdtempSync(join(tmpdir(), 'earshot-secrets-')), 'secrets');
  await start();
});

afterEach(async () => {
  await stop();
  rmSync(join(dataDir, '..'), { recursive: true });
});

it('gives a value by name and by ARN, the current one unless asked for another', async () => {
  const { ARN = '', VersionId } = await create('first');
  expect(ARN).toBe(`arn:aws:secretsmanager:us-east-1:000000000000:secret:${Name}-AbCdEf`);
  const second = await client.send(new sm.PutSecretValueCommand({ SecretId: ARN, SecretString: 'second' }));
  expect(await value(Name)).toBe('second');
  expect(await value(ARN)).toBe('second');
  expect(await value(ARN, { VersionStage: 'AWSPREVIOUS' })).toBe('first');
  expect(await value(ARN, { VersionId })).toBe('first');
  const { VersionIdsToStages } = await client.send(new sm.DescribeSecretCommand({ SecretId: Name }));
  expect(VersionIdsToStages).toEqual({ [VersionId ?? '']: ['AWSPREVIOUS'], [second.VersionId ?? '']: ['AWSCURRENT'] });
});

it('keeps everything over a restart, in files that others cannot read', async () => {
  await create('kept');
  server.put('from/within', 'also');
  await client.send(new sm.CreateSecretCommand({ Name: 'bytes', SecretBinary: Buffer.from([1, 2, 255]) }));
  writeFileSync(join(dataDir, 'cut.new'), '{"na');
  await stop();
  await start();
  expect(await value(Name)).toBe('kept');
  expect(await value('from/within')).toBe('also');
  const { SecretBinary } = await client.send(new sm.GetSecretValueCommand({ SecretId: 'bytes' }));
  expect([...(SecretBinary ?? [])]).toEqual([1, 2, 255]);
  const files = readdirSync(dataDir);
  expect(files).toHaveLength(3);
  for (const file of files) expect(statSync(join(dataDir, file)).mode & 0o777).toBe(0o600);
  const first = await client.send(new sm.ListSecretsCommand({ MaxResults: 2 }));
  const rest = await client.send(new sm.ListSecretsCommand({ NextToken: first.NextToken }));
  const names = [...(first.SecretList ?? []), ...(rest.SecretList ?? [])].map((secret) => secret.Name);
  expect(names).toEqual(['bytes', Name, 'from/within']);
});

it('takes a repeated request as one, and refuses a second secret of the name', async () => {
  const token = 'a'.repeat(32);
  await create('x', token);
  expect((await create('x', token)).VersionId).toBe(token);
  await expect(create('y', token)).rejects.toMatchObject({ name: 'ResourceExistsException' });
  await expect(create('x')).rejects.toMatchObject({ name: 'ResourceExistsException' });
});

it('says what is missing and names what it does not support', async () => {
  await expect(value('nobody')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  await client.send(new sm.CreateSecretCommand({ Name }));
  await expect(value(Name)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  const rotate = client.send(new sm.RotateSecretCommand({ SecretId: Name }));
  await expect(rotate).rejects.toMatchObject({
    name: 'NotImplemented',
    message: 'Secrets Manager operation RotateSecret is not supported by the one-machine runtime',
  });
  await expect(client.send(new sm.CreateSecretCommand({ Name: 'k', KmsKeyId: 'alias/x' }))).rejects.toThrow('KmsKeyId');
});
