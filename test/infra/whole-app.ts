import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { addStacks, newApp } from '#infra/stacks.ts';
import { parseConnections } from '#shared/domain/read-connections.ts';

/** Every provider, with everything that a connection can have. */
const connections = ['vonage', 'talkdesk', 'salesloft', 'magpipe', 'earshot'].map((provider) => ({
  id: provider,
  provider,
  region: 'us',
  account: 'acme',
  baseUrl: 'https://calls.example.com',
  tokenUrl: 'https://calls.example.com/token',
  credentials: { secret: `earshot/${provider}` },
  webhook: { secrets: [{ secret: `earshot/${provider}-webhook` }] },
}));
const clients = [{ clientId: 'crm', clientSecret: { secret: 'earshot/crm' }, scopes: ['conversations:read'] }];

/** A resource of the app, in whichever stack it stands. */
export type Found = {
  stack: string;
  id: string;
  type: string;
  properties: Record<string, unknown>;
  /** what the resource says beside its properties: how it is kept */
  kept: { DeletionPolicy?: string; UpdateReplacePolicy?: string };
};

type Resource = Found['kept'] & { Type: string; Properties?: Record<string, unknown> };

const app = newApp({ 'aws:cdk:bundling-stacks': [] });
addStacks(app, {
  ...{ name: 'earshot', oneMachine: false, subscriberAccounts: [], monthlyBudget: 50 },
  file: parseConnections({ connections, clients }, { oneMachine: false }),
});

/** Everything of an app that has everything. Bundles are left out. */
export const everything: readonly Found[] = app.node.children
  .filter((child) => child instanceof Stack)
  .flatMap((stack) =>
    Object.entries<Resource>(Template.fromStack(stack).toJSON()['Resources']).map(
      ([id, { Type: type, Properties: properties = {}, ...kept }]) => ({
        ...{ stack: stack.stackName, id, type, properties, kept },
      }),
    ),
  );

export const found = (type: string): readonly Found[] => everything.filter((one) => one.type === type);
export const where = ({ stack, id }: Found): string => `${stack}.${id}`;
export const has = (value: unknown, text: string): boolean => JSON.stringify(value ?? null).includes(text);

const alarms = found('AWS::CloudWatch::Alarm');

/** Alarms on a metric of this name whose dimensions name the one; an alarm on several metrics counts for each. */
export const watching = (metric: string, name: string): readonly Found[] =>
  alarms.filter(({ properties }) => {
    const metrics = Array.isArray(properties['Metrics'])
      ? properties['Metrics'].map((one: { MetricStat?: { Metric: unknown } }) => one.MetricStat?.Metric)
      : [{ MetricName: properties['MetricName'], Dimensions: properties['Dimensions'] }];
    return metrics.some((one) => has(one, `"MetricName":"${metric}"`) && has(one, `"${name}"`));
  });
