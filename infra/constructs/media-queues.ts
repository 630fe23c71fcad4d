import type { Construct } from 'constructs';
import type { Connection } from '#shared/domain/connections.ts';
import type { ProviderName } from '#shared/domain/conversation.ts';
import { connectors } from '#shared/providers/registry.ts';
import { type QueueAddress, queueAddress } from './queue-address.ts';

export type ProviderQueueAddress = QueueAddress & { provider: ProviderName };

/** The queues of copy jobs, one for each provider whose media at least one connection wants. */
export function mediaQueues(
  scope: Construct,
  name: string,
  connections: readonly Connection[],
): ProviderQueueAddress[] {
  const wanted = new Set(connections.filter(wantsMedia).map(({ provider }) => provider));
  return connectors
    .filter(({ provider, media }) => media && wanted.has(provider))
    .map(({ provider }) => ({ provider, ...queueAddress(scope, `${name}-media-${provider}`) }));
}

const wantsMedia = ({ media }: Connection): boolean => (typeof media === 'boolean' ? media : media.length > 0);
