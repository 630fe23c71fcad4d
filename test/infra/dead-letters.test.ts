import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
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
const file = parseConnections({ connections, clients: [] }, { oneMachine: false });

type Found = { stack: string; id: string; type: string; properties: Record<string, unknown> };

const app = newApp({ 'aws:cdk:bundling-stacks': [] });
addStacks(app, { name: 'earshot', oneMachine: false, file, subscriberAccounts: [] });
const everything: readonly Found[] = app.node.children
  .filter((child) => child instanceof Stack)
  .flatMap((stack) =>
    Object.entries<{ Type: string; Properties?: Record<string, unknown> }>(
      Template.fromStack(stack).toJSON()['Resources'],
    ).map(([id, { Type, Properties }]) => ({ stack: stack.stackName, id, type: Type, properties: Properties ?? {} })),
  );
const all = (type: string): readonly Found[] => everything.filter((found) => found.type === type);
const where = ({ stack, id }: Found): string => `${stack}.${id}`;
const has = (value: unknown, text: string): boolean => JSON.stringify(value ?? null).includes(text);

const queues = all('AWS::SQS::Queue');
const sources = all('AWS::Lambda::EventSourceMapping');
const alarms = all('AWS::CloudWatch::Alarm');
const isDeadLetters = (queue: Found): boolean =>
  everything.some(({ stack, properties }) => {
    const keeps = [properties['RedrivePolicy'], properties['DeadLetterConfig'], properties['Targets']];
    return stack === queue.stack && has(keeps, `"Fn::GetAtt":["${queue.id}","Arn"]`);
  });

/** Alarms on a metric of this name whose dimensions name the one. */
const watching = (metric: string, name: string): readonly Found[] =>
  alarms.filter(({ properties }) => properties['MetricName'] === metric && has(properties['Dimensions'], `"${name}"`));

describe('wherever work can fail', () => {
  it('there is something to look at', () => {
    expect(queues.length).toBeGreaterThan(10);
    expect(sources.length).toBeGreaterThan(6);
  });

  it('each queue has dead letters, or is where dead letters lie', () => {
    const without = queues.filter((queue) => !queue.properties['RedrivePolicy'] && !isDeadLetters(queue));
    expect(without.map(where)).toEqual([]);
  });

  it('each queue of dead letters has an alarm, and each such alarm its queue', () => {
    const dead = queues.filter(isDeadLetters).map(({ properties }) => String(properties['QueueName']));
    expect(dead.filter((name) => watching('ApproximateNumberOfMessagesVisible', name).length !== 1)).toEqual([]);
    const watched = alarms.filter(({ properties }) => properties['Namespace'] === 'AWS/SQS');
    const idle = watched.filter(({ properties }) => !dead.some((name) => has(properties['Dimensions'], `"${name}"`)));
    expect(idle.map(where)).toEqual([]);
  });

  it('each function that is fed by a queue says which messages failed; the queue does the rest', () => {
    for (const source of sources.filter(({ properties }) => !has(properties['EventSourceArn'], 'Stream'))) {
      expect(source.properties['FunctionResponseTypes'], where(source)).toEqual(['ReportBatchItemFailures']);
    }
  });

  it('each reader of the stream keeps what it fails with, and has an alarm for that and for what it could not keep', () => {
    const readers = sources.filter(({ properties }) => has(properties['EventSourceArn'], 'Stream'));
    expect(readers).toHaveLength(2);
    for (const reader of readers) {
      expect(reader.properties, where(reader)).toMatchObject({
        DestinationConfig: { OnFailure: { Destination: expect.anything() } },
        MetricsConfig: { Metrics: ['EventCount'] },
      });
      expect(watching('OnFailureDestinationDeliveredEventCount', reader.id), where(reader)).toHaveLength(1);
      const name = reader.properties['FunctionName'];
      const lambda = all('AWS::Lambda::Function').find(({ id }) => has(name, `"${id}"`));
      expect(watching('DestinationDeliveryFailures', lambda?.id ?? ''), where(reader)).toHaveLength(1);
    }
  });

  it('each rule’s target has dead letters', () => {
    const targets = all('AWS::Events::Rule').flatMap(({ properties }) => properties['Targets'] ?? []);
    expect(targets.filter((target) => !has(target, 'DeadLetterConfig'))).toEqual([]);
  });

  it('each schedule is of a group that an alarm watches: what a missed tick would have done, the next does', () => {
    for (const schedule of all('AWS::Scheduler::Schedule')) {
      const group = all('AWS::Scheduler::ScheduleGroup').find(({ id }) => has(schedule.properties['GroupName'], id));
      const name = String(group?.properties['Name']);
      expect(watching('InvocationDroppedCount', name), where(schedule)).toHaveLength(1);
    }
  });

  it('each alarm tells somebody, and one on dead letters says which redrive sends the work again', () => {
    for (const { properties, ...found } of alarms) {
      expect(properties['AlarmActions'], where({ properties, ...found })).toHaveLength(1);
    }
    const kinds = alarms.flatMap(({ properties }) => {
      const [, kind] = /POST \/v1\/redrives \{"kind":"([a-z]+)"\}/.exec(String(properties['AlarmDescription'])) ?? [];
      return kind ?? [];
    });
    expect([...new Set(kinds)].toSorted()).toEqual(['inbox', 'media', 'operations', 'participants', 'publish']);
    const dead = alarms.filter(({ properties }) => String(properties['AlarmName']).endsWith('-dead'));
    expect(kinds).toHaveLength(dead.length);
  });
});
