import { isDeepStrictEqual } from 'node:util';
import type { Connection, CredentialValue } from '#shared/domain/connections.ts';
import { ConfigInvalid, CredentialsRejected } from '#shared/domain/errors.ts';
import type { TokenCache, TokenRequest } from '#shared/http/oauth.ts';
import type { Auth } from '#shared/providers/connector.ts';
import type { Secrets } from '#shared/storage/secrets.ts';
import { readCredentials } from './credentials.ts';

/** Sends a request with a bearer token and mends what can be mended when it is refused. */
export type Authorization = {
  /** Throws CredentialsRejected when nothing helps, and then at once for every further request of the run. */
  run: <T>(send: (token: string) => Promise<T>) => Promise<T>;
};

/** Reads the credentials. Throws CredentialsRejected and ConfigInvalid. */
export async function openAuthorization(
  connection: Connection,
  auth: Auth,
  secrets: Secrets,
  tokens: TokenCache,
): Promise<Authorization> {
  let credentials = await readCredentials(connection, secrets, false);
  let reread: Promise<void> | null = null;
  let refused: CredentialsRejected | null = null;

  const bearer = async (used: CredentialValue): Promise<string> =>
    'token' in used ? used.token : tokens.bearer(tokenRequest(connection, auth, used));

  const dropToken = (used: CredentialValue, token: string): void => {
    if (!('token' in used)) tokens.drop(tokenRequest(connection, auth, used), token);
  };

  /** Once a run, also for requests in flight together: whether there are other credentials than those refused. */
  const rereadSecret = async (used: CredentialValue): Promise<boolean> => {
    if (!('secret' in connection.credentials)) return false;
    reread ??= readCredentials(connection, secrets, true).then((fresh) => {
      credentials = fresh;
    });
    await reread;
    return !isDeepStrictEqual(used, credentials);
  };

  return {
    run: async (send) => {
      let renewed = false;
      for (;;) {
        if (refused) throw refused;
        const used = credentials;
        let token: string | null = null;
        try {
          token = await bearer(used);
          return await send(token);
        } catch (error) {
          if (!(error instanceof CredentialsRejected)) throw error;
          if (token !== null) dropToken(used, token);
          const mayRenew = !renewed && token !== null && !('token' in used);
          renewed = true;
          if (!mayRenew && !(await rereadSecret(used))) refused = error;
        }
      }
    },
  };
}

function tokenRequest(
  connection: Connection,
  auth: Auth,
  credentials: Exclude<CredentialValue, { token: string }>,
): TokenRequest {
  if (auth.kind === 'token')
    throw new CredentialsRejected(`connection ${connection.id}: expected the credentials {token}`);
  const tokenUrl = connection.tokenUrl ?? auth.tokenUrl(connection);
  if (tokenUrl === null) throw new ConfigInvalid([`connection ${connection.id}: expected a tokenUrl`]);
  return { tokenUrl, scope: auth.scope, credentials };
}
