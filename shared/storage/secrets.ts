import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { CredentialsRejected } from '#shared/domain/errors.ts';

/** How long a value is taken from memory: credentials rotate without a deployment. */
const lifeMs = 5 * 60_000;
/** How long it is remembered that there is no value: whoever guesses must not make us ask each time. */
const missingLifeMs = 30_000;

/** Secrets Manager keeps the value before a rotation too, by itself. */
const stages = { current: 'AWSCURRENT', previous: 'AWSPREVIOUS' } as const;

export type ReadOptions = {
  /** asks the service again: for a value that was just refused */
  fresh?: boolean;
  /** the value that counts now, if not said otherwise, or the one before the last rotation */
  stage?: keyof typeof stages;
};

/** Throws what `isMissing` knows where there is no such value, CredentialsRejected where it is no text. */
export type Secrets = { read: (name: string, options?: ReadOptions) => Promise<string> };

/** Secrets Manager with a small cache in memory: a value is at most five minutes old. */
export function openSecrets(now: () => number, client = new SecretsManagerClient({})): Secrets {
  const cache = new Map<string, { value: Promise<string>; until: number }>();
  return {
    read: (name, { fresh = false, stage = 'current' } = {}) => {
      const key = `${stage} ${name}`;
      const kept = cache.get(key);
      if (kept && !fresh && now() < kept.until) return kept.value;
      // Counted from before the request, so that no value is older than its life.
      const asked = now();
      const reading = { value: load(client, name, stages[stage]), until: asked + lifeMs };
      cache.set(key, reading);
      reading.value.catch((error: unknown) => {
        reading.until = isMissing(error) ? asked + missingLifeMs : asked;
        // A value that still has life is not lost to a service that does not answer.
        if (kept && !isMissing(error) && cache.get(key) === reading) cache.set(key, kept);
      });
      return reading.value;
    },
  };
}

async function load(client: SecretsManagerClient, name: string, VersionStage: string): Promise<string> {
  const { SecretString: value } = await client.send(new GetSecretValueCommand({ SecretId: name, VersionStage }));
  if (!value) throw new CredentialsRejected(`secret ${name} holds no text`);
  return value;
}

/** Whether a reading failed because there is no such value: the secret or its stage is not there, or is being deleted. */
export const isMissing = (error: unknown): boolean =>
  error instanceof CredentialsRejected ||
  (error instanceof Error && ['ResourceNotFoundException', 'InvalidRequestException'].includes(error.name));
