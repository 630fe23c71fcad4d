import { ArnFormat, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Connection } from '#shared/domain/connections.ts';
import type { ProviderName } from '#shared/domain/conversation.ts';
import { connectors } from '#shared/providers/registry.ts';

export type MediaQueueAddress = { provider: ProviderName; queueName: string; url: string; arn: string };

/**
 * The queues of copy jobs, one for each provider whose media at least one connection wants. Stacks find them by name:
 * what a stack imports cannot be removed while it does, so with exports a provider's last connection could not go.
 */
export function mediaQueues(scope: Construct, name: string, connections: readonly Connection[]): MediaQueueAddress[] {
  const { region, account, urlSuffix } = Stack.of(scope);
  const wanted = new Set(connections.filter(wantsMedia).map(({ provider }) => provider));
  return connectors
    .filter(({ provider, media }) => media && wanted.has(provider))
    .map(({ provider }) => {
      const queueName = `${name}-media-${provider}`;
      return {
        provider,
        queueName,
        url: `https://sqs.${region}.${urlSuffix}/${account}/${queueName}`,
        arn: Stack.of(scope).formatArn({
          service: 'sqs',
          resource: queueName,
          arnFormat: ArnFormat.NO_RESOURCE_NAME,
        }),
      };
    });
}

const wantsMedia = ({ media }: Connection): boolean => (typeof media === 'boolean' ? media : media.length > 0);
