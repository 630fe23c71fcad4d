import { Stack } from 'aws-cdk-lib';
import { Template as Synthesized } from 'aws-cdk-lib/assertions';
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

type Template = { Resources: Record<string, Resource>; Outputs?: Record<string, unknown> };

/** All resources of the app with this connections file, and its templates by stack. Bundles are left out. */
export function resourcesOf(file: unknown, name = 'earshot') {
  const app = newApp({ 'aws:cdk:bundling-stacks': [] });
  addStacks(app, {
    ...{ name, oneMachine: false, subscriberAccounts: [], monthlyBudget: 50 },
    file: parseConnections(file, { oneMachine: false }),
  });
  const stacks = app.node.children.filter((child) => child instanceof Stack);
  const templates: Record<string, Template> = Object.fromEntries(
    stacks.map((stack) => [stack.stackName, Synthesized.fromStack(stack).toJSON() as Template]),
  );
  const everything = Object.entries(templates).flatMap(([stack, { Resources }]) =>
    Object.entries(Resources).map(
      ([id, { Type: type, Properties: properties = {}, ...kept }]): Found => ({ stack, id, type, properties, kept }),
    ),
  );
  return { everything, templates };
}

/** The app that has everything. */
export const { everything, templates } = resourcesOf({ connections, clients });

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
