import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { CredentialsRejected } from '#shared/domain/errors.ts';

/** How long a value is taken from memory: credentials rotate without a deployment. */
const lifeMs = 5 * 60_000;

/** `fresh` asks the service again: for a value that was just refused. Throws CredentialsRejected where there is none. */
export type Secrets = { read: (name: string, options?: { fresh?: boolean }) => Promise<string> };

/** Secrets Manager with a small cache in memory. */
export function openSecrets(now: () => number, client = new SecretsManagerClient({})): Secrets {
  const cache = new Map<string, { value: string; until: number }>();
  return {
    read: async (name, { fresh = false } = {}) => {
      const kept = cache.get(name);
      if (kept && !fresh && now() < kept.until) return kept.value;
      const { SecretString: value } = await client.send(new GetSecretValueCommand({ SecretId: name }));
      if (!value) throw new CredentialsRejected(`secret ${name} holds no text`);
      cache.set(name, { value, until: now() + lifeMs });
      return value;
    },
  };
}
