import type { Access } from '../access/access.ts';
import { guardOf, startJsonService } from '../aws-json.ts';
import type { LocalServer } from '../listen.ts';
import { askedOfSecrets } from './asked.ts';
import { secretOperations } from './secret-operations.ts';
import { openSecretStore } from './secret-store.ts';

export type SecretsOptions = {
  /** a file for each secret, readable by its owner alone */
  dataDir: string;
  now?: () => number;
  /** who may do what; everybody everything where absent */
  access?: Access | undefined;
};

export type LocalSecrets = LocalServer & {
  /** Gives a secret this text as its current value, from within the process; made if absent. */
  put(name: string, value: string): void;
};

/** The embedded Secrets Manager. A value that was acknowledged survives SIGKILL. */
export async function startSecrets({ dataDir, access, now = Date.now }: SecretsOptions): Promise<LocalSecrets> {
  const store = openSecretStore(dataDir, now);
  const server = await startJsonService(
    'Secrets Manager',
    secretOperations(store, now),
    guardOf(access, askedOfSecrets(store)),
  );
  return { ...server, put: store.put };
}
