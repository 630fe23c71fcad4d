import {
  CreateSecretCommand,
  GetSecretValueCommand,
  ResourceExistsException,
  ResourceNotFoundException,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { ConfigInvalid } from '#shared/domain/errors.ts';
import type { Derived, NamedSecret } from './derive-connections.ts';

/** Refuses a connections file that names secrets which nobody keeps here. */
export async function checkNamedSecrets(client: SecretsManagerClient, named: Derived['named']): Promise<void> {
  const faults: string[] = [];
  for (const { path, name } of named) {
    if (await secretExists(client, name)) continue;
    faults.push(`${path}: expected the value itself, since no secret ${name} is kept on this machine`);
  }
  if (faults.length > 0) throw new ConfigInvalid(faults);
}

/** Creates a secret. False where there is one of that name already, which stays as it is. */
export async function createSecret(client: SecretsManagerClient, { name, value }: NamedSecret): Promise<boolean> {
  try {
    await client.send(new CreateSecretCommand({ Name: name, SecretString: value }));
    return true;
  } catch (error) {
    if (error instanceof ResourceExistsException) return false;
    throw error;
  }
}

async function secretExists(client: SecretsManagerClient, name: string): Promise<boolean> {
  try {
    await client.send(new GetSecretValueCommand({ SecretId: name }));
    return true;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return false;
    throw error;
  }
}
