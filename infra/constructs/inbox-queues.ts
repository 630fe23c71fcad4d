import type { Construct } from 'constructs';
import { type Connection, hasWebhook } from '#shared/domain/connections.ts';
import { connectors } from '#shared/providers/registry.ts';
import type { ProviderQueueAddress } from './media-queues.ts';
import { queueAddress } from './queue-address.ts';

/** The queues of webhook deliveries, one for each provider of which at least one connection has a webhook. */
export function inboxQueues(
  scope: Construct,
  name: string,
  connections: readonly Connection[],
): ProviderQueueAddress[] {
  const wanted = new Set(connections.filter(hasWebhook).map(({ provider }) => provider));
  return connectors
    .filter(({ provider }) => wanted.has(provider))
    .map(({ provider }) => ({ provider, ...queueAddress(scope, `${name}-inbox-${provider}`) }));
}
