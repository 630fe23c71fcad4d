import type { Ask } from '../access/grants.ts';
import { memberText } from '../aws-json.ts';
import { type SecretStore, secretArn } from './secret-store.ts';

/** The right that an operation on a secret takes, however the secret is named in it. */
export const askedOfSecrets =
  ({ find }: SecretStore) =>
  (operation: string, input: unknown): Ask[] => {
    const id = memberText(input, 'SecretId') || memberText(input, 'Name');
    return [{ action: `secretsmanager:${operation}`, resource: secretArn(find(id)?.name ?? id) }];
  };
