import type { Connection } from '#shared/domain/connections.ts';
import type { Connector } from '#shared/providers/connector.ts';
import type { SignatureScheme } from '#shared/providers/webhook.ts';
import { standard } from './standard.ts';

/**
 * How the deliveries of a connection are signed: as its provider does, or by Standard Webhooks where the provider documents
 * nothing or the connection wants it. The scheme of another provider is a fault of the connections file.
 */
export const schemeOf = ({ webhook }: Connection, connector: Pick<Connector, 'webhook'>): SignatureScheme =>
  webhook?.scheme === 'standard' ? standard : (connector.webhook.scheme ?? standard);
