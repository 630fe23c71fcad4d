import { startJsonService } from '../aws-json.ts';
import type { LocalServer } from '../listen.ts';
import { secretOperations } from './secret-operations.ts';
import { openSecretStore } from './secret-store.ts';

export type SecretsOptions = {
  /** a file for each secret, readable by its owner alone */
  dataDir: string;
  now?: () => number;
};

export type LocalSecrets = LocalServer & {
  /** Gives a secret this text as its current value, from within the process; made if absent. */
  put(name: string, value: string): void;
};

/** The embedded Secrets Manager. A value that was acknowledged survives SIGKILL. */
export async function startSecrets({ dataDir, now = Date.now }: SecretsOptions): Promise<LocalSecrets> {
  const store = openSecretStore(dataDir, now);
  const server = await startJsonService('Secrets Manager', secretOperations(store, now));
  return { ...server, put: store.put };
}
