import {
  GetSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { mockClient } from 'aws-sdk-client-mock';
import { openSecrets, type Secrets } from '#shared/storage/secrets.ts';

export type Kept = { current: string; previous?: string };

/** A Secrets Manager that holds what a test puts into it, and counts how often it is asked. */
export function secretsManager(initial: Readonly<Record<string, Kept>>) {
  const kept = new Map(Object.entries(initial));
  const client = new SecretsManagerClient({ region: 'us-east-1' });
  const mock = mockClient(client);
  mock.on(GetSecretValueCommand).callsFake(({ SecretId, VersionStage }) => {
    const secret = kept.get(SecretId);
    const SecretString = VersionStage === 'AWSPREVIOUS' ? secret?.previous : secret?.current;
    if (SecretString === undefined) throw new ResourceNotFoundException({ message: 'gone', $metadata: {} });
    return { SecretString };
  });
  return {
    kept,
    asked: (): number => mock.calls().length,
    rotate: (name: string, current: string): void => {
      const before = kept.get(name);
      kept.set(name, { current, ...(before && { previous: before.current }) });
    },
    /** as one instance of the function reads it */
    open: (now: () => number): Secrets => openSecrets(now, client),
  };
}
