import { type Connection, hasWebhook } from '#shared/domain/connections.ts';
import type { Connector } from '#shared/providers/connector.ts';
import type { SignatureScheme } from '#shared/providers/webhook.ts';
import { schemeOf } from '#shared/webhooks/scheme-of.ts';

/** Whose webhook it is. */
export type Account = {
  connection: Connection;
  scheme: SignatureScheme;
  /** the values of its secrets, or the names under which they are kept */
  secrets: NonNullable<Connection['webhook']>['secrets'];
  /** an unsigned delivery may name an id to look at */
  believesUnsigned: boolean;
};

/** What stands before a connection's id in the path. */
const prefix = '/webhooks/';

/**
 * The account behind a path; undefined for every other one. A connection without a webhook is none: nobody is told that it
 * exists.
 */
export function openAccounts(
  connections: readonly Connection[],
  findConnector: (provider: Connection['provider']) => Pick<Connector, 'webhook'> | undefined,
): (path: string) => Account | undefined {
  const accounts = new Map<string, Account>();
  for (const connection of connections.filter(hasWebhook)) {
    const connector = findConnector(connection.provider);
    if (!connector) continue;
    const { secrets = [], unsignedHints = false } = connection.webhook ?? {};
    const scheme = schemeOf(connection, connector);
    accounts.set(`${prefix}${connection.id}`, { connection, scheme, secrets, believesUnsigned: unsignedHints });
  }
  return (path) => accounts.get(path);
}
