import type { Client, Connection, ConnectionsFile } from '#shared/domain/connections.ts';

/** Name of the secret that tokens and cursors hang on. */
export const signingSecretName = (deployment: string): string => `${deployment}/signing-key`;

/** Names of the secrets that these connections keep. */
export const connectionSecrets = (connections: readonly Connection[]): string[] =>
  connections.flatMap(({ credentials }) => nameOf(credentials));

/** Names of the secrets that the senders of these connections' webhooks sign with. */
export const webhookSecrets = (connections: readonly Connection[]): string[] =>
  connections.flatMap(({ webhook }) => (webhook?.secrets ?? []).flatMap(nameOf));

/** Names of the secrets that prove who a client is. */
export const clientSecrets = (clients: readonly Client[]): string[] =>
  clients.flatMap((client) => nameOf(secretOf(client)));

/** Where in the file a value stands that ought to be the name of a secret: a template is no place for it. */
export function inlineSecrets({ connections, clients }: ConnectionsFile): string[] {
  const places = [
    ...connections.flatMap(({ credentials, webhook }, i) => [
      { path: `connections[${i}].credentials`, value: credentials },
      ...(webhook?.secrets ?? []).map((value, j) => ({ path: `connections[${i}].webhook.secrets[${j}]`, value })),
    ]),
    ...clients.map((client, i) => ({
      path: `clients[${i}].${'token' in client ? 'token' : 'clientSecret'}`,
      value: secretOf(client),
    })),
  ];
  return places.filter(({ value }) => nameOf(value).length === 0).map(({ path }) => path);
}

const secretOf = (client: Client) => ('token' in client ? client.token : client.clientSecret);

const nameOf = (value: string | object): string[] =>
  typeof value === 'object' && 'secret' in value && typeof value.secret === 'string' ? [value.secret] : [];
