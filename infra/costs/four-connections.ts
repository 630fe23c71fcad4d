/** An account of each of the four providers with all that is usual: files are copied, one client looks things up. */
const connections = [
  { id: 'support', provider: 'vonage', region: 'emea' },
  { id: 'service', provider: 'talkdesk', region: 'eu', account: 'acme' },
  { id: 'sales', provider: 'salesloft' },
  { id: 'voice', provider: 'magpipe' },
].map((connection) => ({ ...connection, credentials: { secret: `earshot/${connection.id}` } }));

const clients = [{ clientId: 'crm', clientSecret: { secret: 'earshot/clients/crm' }, scopes: ['conversations:read'] }];

export const fourConnections = { connections, clients };

/** The same, and each provider pushes too. */
export const fourWithWebhooks = {
  connections: connections.map((connection) => ({
    ...connection,
    webhook: { secrets: [{ secret: `earshot/${connection.id}-webhook` }] },
  })),
  clients,
};
