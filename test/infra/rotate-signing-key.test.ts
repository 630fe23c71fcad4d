import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type LocalSecrets, startSecrets } from '#infra/local/secrets/start-secrets.ts';

const root = resolve(import.meta.dirname, '../..');
const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
const dataDir = mkdtempSync(join(tmpdir(), 'earshot-rotate-'));
let server: LocalSecrets;
let client: SecretsManagerClient;

beforeAll(async () => {
  server = await startSecrets({ dataDir });
  client = new SecretsManagerClient({ endpoint: server.url, region: 'eu-west-1', credentials });
});
afterAll(async () => {
  client.destroy();
  await server.close();
  rmSync(dataDir, { recursive: true });
});

/** Runs the command as npm does. The service is in this process, so it must not be waited for in one go. */
async function rotate(...args: string[]) {
  const environment = {
    AWS_ENDPOINT_URL_SECRETS_MANAGER: server.url,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  };
  const child = spawn(process.execPath, ['infra/rotate-signing-key.ts', ...args], { cwd: root, env: environment });
  const [out, err] = [child.stdout, child.stderr].map((stream) => stream.setEncoding('utf8').toArray());
  const [code] = await once(child, 'close');
  return { code, out: (await out)?.join(''), err: (await err)?.join('') };
}

const secretOf = async (SecretId: string, VersionStage: string) =>
  (await client.send(new GetSecretValueCommand({ SecretId, VersionStage }))).SecretString;

it('puts a new random key in place, keeps the one before, and shows neither', async () => {
  server.put('acme-calls/signing-key', 'first');
  const { code, out, err } = await rotate('--name', 'acme-calls', '--region', 'eu-west-1');
  expect({ code, err }).toEqual({ code: 0, err: '' });
  const current = await secretOf('acme-calls/signing-key', 'AWSCURRENT');
  expect(current).toMatch(/^[\w-]{64}$/);
  expect(await secretOf('acme-calls/signing-key', 'AWSPREVIOUS')).toBe('first');
  expect(out).toContain('acme-calls/signing-key has a new key');
  expect(out).not.toContain(current);
});

it('says what is wrong: no such deployment, no such option', async () => {
  const missing = await rotate('--region', 'eu-west-1');
  expect(missing).toMatchObject({ code: 1, out: '', err: expect.stringContaining('no secret earshot/signing-key') });
  expect(await rotate('--nam', 'x')).toMatchObject({ code: 1, out: '', err: expect.stringContaining('usage:') });
});
