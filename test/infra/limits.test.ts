import { describe, expect, it } from 'vitest';
import type { Found } from './whole-app.ts';
import { resourcesOf } from './whole-app.ts';

/**
 * What AWS takes: CloudFormation's resources and outputs a stack and bytes a template, IAM's characters in the inline policies of a
 * role, in a managed policy, and managed policies of a role, Lambda's bytes of environment, filters of a log group.
 */
const most = {
  ...{ resources: 500, outputs: 200, template: 1_000_000 },
  ...{ inline: 10_240, managed: 6_144, attached: 10 },
  ...{ environment: 4_096, filters: 100 },
};

/** Characters that a name or text may have, by the type of its resource. */
const mostCharacters: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  'AWS::CloudWatch::Alarm': { AlarmName: 255, AlarmDescription: 1_024 },
  'AWS::Lambda::Function': { Description: 256 },
  'AWS::SQS::Queue': { QueueName: 80 },
  'AWS::Scheduler::Schedule': { Name: 64, Description: 512 },
  'AWS::Scheduler::ScheduleGroup': { Name: 64 },
  'AWS::SNS::Topic': { TopicName: 256 },
  'AWS::Events::EventBus': { Name: 256 },
};

const longName = 'earshot-emea-production';
const credentials = (id: string) => ({ secret: `${longName}/credentials/of/a/rather/long/name/${id}` });

/** So many connections with the longest ids that there can be, each with a webhook, of these providers in turn. */
const many = (count: number, providers: readonly string[]) =>
  Array.from({ length: count }, (_, i) => {
    const id = `connection-with-a-name-as-long-as-${String(i).padStart(6, '0')}`;
    return {
      id: id.slice(0, 40),
      provider: providers[i % providers.length],
      ...{ region: 'us', account: 'acme', baseUrl: 'https://calls.example.com' },
      tokenUrl: 'https://calls.example.com/token',
      credentials: credentials(id),
      webhook: { secrets: [{ secret: `${longName}/webhooks/of/a/rather/long/name/${id}` }] },
    };
  });

const all = ['vonage', 'talkdesk', 'salesloft', 'magpipe', 'earshot'];
const clients = Array.from({ length: 50 }, (_, i) => ({
  clientId: `client-${i}`,
  clientSecret: credentials(`client-${i}`),
  scopes: ['conversations:read'],
}));

const pseudo: Readonly<Record<string, string>> = {
  'AWS::Partition': 'aws-us-gov',
  'AWS::Region': 'ap-southeast-1',
  'AWS::AccountId': '111122223333',
};

/** Characters of what a reference to another resource stands for: an ARN with the longest name. */
const referred = 'x'.repeat(160);

/** A value of a template as it will be, with the longest of what only CloudFormation knows. */
function asDeployed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asDeployed);
  if (typeof value !== 'object' || value === null) return value;
  const [[key = '', of] = [], ...more] = Object.entries(value);
  if (key === 'Fn::Join' && Array.isArray(of)) return [asDeployed(of[1])].flat().join(of[0]);
  if (more.length === 0 && (key === 'Ref' || key.startsWith('Fn::'))) return pseudo[String(of)] ?? referred;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, asDeployed(part)]));
}

const lengthOf = (value: unknown): number => JSON.stringify(value ?? null).length;

describe.each([
  { what: '200 connections of all providers', providers: all },
  { what: '200 connections of one provider', providers: ['salesloft'] },
])('$what', ({ providers }) => {
  const { everything, templates } = resourcesOf({ connections: many(200, providers), clients }, longName);
  const found = (type: string): readonly Found[] => everything.filter((one) => one.type === type);

  it('have a schedule each, in stacks that CloudFormation takes', () => {
    const schedules = found('AWS::Scheduler::Schedule').map(({ properties }) => JSON.stringify(properties['Target']));
    expect(schedules.filter((target) => target.includes('connection'))).toHaveLength(200);
    expect(schedules.length - 200, 'retention').toBe(1);
    for (const [stack, template] of Object.entries(templates)) {
      expect(Object.keys(template['Resources']).length, stack).toBeLessThanOrEqual(most.resources);
      expect(Object.keys(template['Outputs'] ?? {}).length, stack).toBeLessThanOrEqual(most.outputs);
      expect(lengthOf(template), stack).toBeLessThanOrEqual(most.template);
    }
  });

  it('have rights that IAM takes', () => {
    for (const { id, properties } of found('AWS::IAM::Role')) {
      const { Policies: inline = [], ManagedPolicyArns: attached = [] } = properties as {
        Policies?: { PolicyDocument: unknown }[];
        ManagedPolicyArns?: unknown[];
      };
      const length = inline.reduce((sum, { PolicyDocument }) => sum + lengthOf(asDeployed(PolicyDocument)), 0);
      expect(length, id).toBeLessThanOrEqual(most.inline);
      expect(attached.length, id).toBeLessThanOrEqual(most.attached);
    }
    const managed = found('AWS::IAM::ManagedPolicy');
    expect(managed.length).toBeGreaterThan(5);
    for (const { id, properties } of managed) {
      expect(lengthOf(asDeployed(properties['PolicyDocument'])), id).toBeLessThanOrEqual(most.managed);
    }
  });

  it('have functions and logs that Lambda and CloudWatch take', () => {
    for (const { id, properties } of found('AWS::Lambda::Function')) {
      expect(lengthOf(asDeployed(properties['Environment'])), id).toBeLessThanOrEqual(most.environment);
    }
    const filters = found('AWS::Logs::MetricFilter').map(({ properties }) =>
      JSON.stringify(properties['LogGroupName']),
    );
    for (const log of new Set(filters)) {
      expect(filters.filter((one) => one === log).length).toBeLessThanOrEqual(most.filters);
    }
  });

  it('have names that fit, with the longest name of a deployment', () => {
    for (const { id, type, properties } of everything) {
      for (const [property, characters] of Object.entries(mostCharacters[type] ?? {})) {
        const text = properties[property];
        if (typeof text === 'string') expect(text.length, `${id} ${property}`).toBeLessThanOrEqual(characters);
      }
    }
  });
});
