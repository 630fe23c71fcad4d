import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { arn } from '../template/arns.ts';

/** Text, or bytes as base64. */
export type SecretValue = { SecretString: string } | { SecretBinary: string };
export type SecretVersion = { id: string; value: SecretValue; created: number };

/** A secret with the two values that AWS keeps for sure. Moments in milliseconds. */
export type Secret = {
  name: string;
  description: string | undefined;
  created: number;
  changed: number;
  current: SecretVersion | undefined;
  previous: SecretVersion | undefined;
};

export type SecretStore = {
  /** by name, or by ARN with or without its random ending */
  find(id: string): Secret | undefined;
  /** in the order of names */
  list(): Secret[];
  /** Durable when it returns. */
  save(secret: Secret): void;
  /** A secret with this text as its current value, made if absent. */
  put(name: string, value: string): void;
};

/** AWS puts six random characters at the end of a secret's ARN; ours are always these. */
const arnEnding = '-AbCdEf';

export function secretArn(name: string): string {
  return arn('secretsmanager', `secret:${name}${arnEnding}`);
}

/** The secret with a new current value; the one before becomes the previous one. */
export function withValue(secret: Secret, version: SecretVersion): Secret {
  return { ...secret, changed: version.created, current: version, previous: secret.current };
}

/** A file for each secret, readable by its owner alone, replaced whole. */
export function openSecretStore(dataDir: string, now: () => number): SecretStore {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const secrets = new Map<string, Secret>();
  for (const file of readdirSync(dataDir)) {
    if (!file.endsWith('.json')) {
      rmSync(join(dataDir, file), { recursive: true }); // a write that a crash cut
      continue;
    }
    const secret: Secret = JSON.parse(readFileSync(join(dataDir, file), 'utf8'));
    secrets.set(secret.name, secret);
  }

  function find(id: string): Secret | undefined {
    const name = id.startsWith('arn:') ? id.slice(secretArn('').length - arnEnding.length) : id;
    return secrets.get(name) ?? (name.endsWith(arnEnding) ? secrets.get(name.slice(0, -arnEnding.length)) : undefined);
  }

  function save(secret: Secret): void {
    const file = join(dataDir, createHash('sha256').update(secret.name).digest('hex'));
    writeFileSync(`${file}.new`, JSON.stringify(secret), { mode: 0o600 });
    renameSync(`${file}.new`, `${file}.json`);
    secrets.set(secret.name, secret);
  }

  return {
    find,
    list: () => [...secrets.values()].sort((a, b) => (a.name < b.name ? -1 : 1)),
    save,
    put(name, value) {
      const at = now();
      const empty = { name, description: undefined, created: at, changed: at, current: undefined, previous: undefined };
      const version = { id: randomUUID(), value: { SecretString: value }, created: at };
      save(withValue(secrets.get(name) ?? empty, version));
    },
  };
}
