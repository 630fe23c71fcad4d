import { type Client, type Connection, type ConnectionsFile, scopes } from '#shared/domain/connections.ts';

export type NamedSecret = { name: string; value: string };

/** A connections file without values, the values that stood in it, and the names that it had already. */
export type Derived = {
  file: ConnectionsFile;
  secrets: NamedSecret[];
  /** secrets that the operator's file names: they must exist already, or the path is a fault */
  named: { path: string; name: string }[];
};

/** Every inline secret gets a name under this, so that none stands in a template. */
const prefix = 'earshot/local';

/** The client that `--token` stands for. */
const tokenClient = 'one-machine';
/** The operator's own tool is hardly to be kept waiting; what runs wild still ends. */
const ownPerMinute = 60_000;

/** Moves the inline secrets of a connections file out of it and adds the client of `--token`, which may do everything. */
export function deriveConnections(file: ConnectionsFile, token: string): Derived {
  const secrets: NamedSecret[] = [];
  const named: Derived['named'] = [];

  const reference = <Value extends object | string>(value: Value, path: string, name: string): { secret: string } => {
    if (typeof value === 'object' && 'secret' in value && typeof value.secret === 'string') {
      named.push({ path, name: value.secret });
      return { secret: value.secret };
    }
    secrets.push({ name: `${prefix}/${name}`, value: typeof value === 'string' ? value : JSON.stringify(value) });
    return { secret: `${prefix}/${name}` };
  };

  const ofConnection = (connection: Connection, i: number): Connection => {
    const { id, webhook } = connection;
    const path = `connections[${i}]`;
    const credentials = reference(connection.credentials, `${path}.credentials`, `connections/${id}/credentials`);
    if (!webhook) return { ...connection, credentials };
    const kept = webhook.secrets.map((secret, n) =>
      reference(secret, `${path}.webhook.secrets[${n}]`, `connections/${id}/webhook-${n}`),
    );
    return { ...connection, credentials, webhook: { ...webhook, secrets: kept } };
  };

  const ofClient = (client: Client, i: number): Client =>
    'token' in client
      ? { ...client, token: reference(client.token, `clients[${i}].token`, `clients/${i}/token`) }
      : {
          ...client,
          clientSecret: reference(client.clientSecret, `clients[${i}].clientSecret`, `clients/${i}/secret`),
        };

  const connections = file.connections.map(ofConnection);
  const clients = file.clients.map(ofClient);
  const own: Client = {
    clientId: tokenClient,
    token: reference(token, 'token', 'token'),
    scopes: [...scopes],
    perMinute: ownPerMinute,
  };
  return { file: { ...file, connections, clients: [...clients, own] }, secrets, named };
}
