import { describe, expect, it } from 'vitest';
import { rateOf } from '#infra/constructs/rate.ts';

import { allowed, exampleFile, manyConnections, synthesize } from './synthesized.ts';

const { ingestion } = synthesize();

describe('ingestion', () => {
  it('has one poll function for each provider in use', () => {
    const functions = Object.values(ingestion.findResources('AWS::Lambda::Function'));
    const providers = functions.map((found) => found['Properties'].Environment.Variables.EARSHOT_PROVIDER);
    expect(providers.toSorted()).toEqual(['salesloft', 'talkdesk']);
    for (const found of functions) expect(found['Properties']).toMatchObject({ Timeout: 300, MemorySize: 512 });
  });

  it('gives each poll function the secrets of its own provider only', () => {
    const secretsOf = (provider: string): string[] =>
      allowed(ingestion)
        .filter(({ owner, Action }) => owner.startsWith(provider) && Action.includes('secretsmanager:GetSecretValue'))
        .flatMap(({ Resource }) => Resource)
        .map((resource) => /:secret:([^"]*)-\?{6}"/.exec(JSON.stringify(resource))?.[1] ?? 'not exactly one secret');
    expect(secretsOf('salesloft').toSorted()).toEqual(['earshot/sales-eu', 'earshot/sales-us']);
    expect(secretsOf('talkdesk')).toEqual(['earshot/support']);
  });

  it('lets a poll function read and write what it must in the table and under its own prefixes, and ask for copies', () => {
    const own = allowed(ingestion).filter(({ owner }) => owner.startsWith('salesloftpollRole'));
    const actions = own.flatMap(({ Action }) => Action.filter((action) => !action.startsWith('logs:')));
    expect([...new Set(actions)].toSorted()).toEqual([
      'dynamodb:BatchGetItem',
      'dynamodb:DeleteItem',
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:Query',
      'dynamodb:UpdateItem',
      's3:DeleteObject',
      's3:GetObject',
      's3:PutObject',
      'sqs:SendMessage',
    ]);
    const removed = own.filter(({ Action }) => Action.includes('s3:DeleteObject')).flatMap(({ Resource }) => Resource);
    expect(removed.map((resource) => JSON.stringify(resource))).toEqual([expect.stringMatching(/"\/transcripts\/\*"/)]);
    for (const { Action, Resource } of own.filter((statement) => statement.Action.includes('s3:PutObject'))) {
      expect(Action).toEqual(['s3:PutObject']);
      for (const resource of Resource)
        expect(JSON.stringify(resource)).toMatch(/"\/(quarantine|transcripts|raw|ledger)\/\*"/);
    }
  });

  it('tells a poll function the queue of its own provider only, where there is one', () => {
    const [sales, , support] = exampleFile.connections;
    const { ingestion: mixed } = synthesize({ connections: [sales, { ...support, media: false }] });
    const [withQueue, without] = ['salesloft', 'talkdesk'].map((provider) => ({
      variables: Object.values(mixed.findResources('AWS::Lambda::Function'))
        .map((found) => found['Properties'].Environment.Variables)
        .find(({ EARSHOT_PROVIDER: name }) => name === provider),
      sending: allowed(mixed).filter(
        ({ owner, Action }) => owner.startsWith(provider) && Action.includes('sqs:SendMessage'),
      ),
    }));
    expect(JSON.stringify(withQueue?.variables.EARSHOT_MEDIA_QUEUE)).toMatch(/"\/earshot-media-salesloft"/);
    expect(withQueue?.sending.map(({ Resource }) => JSON.stringify(Resource))).toEqual([
      expect.stringMatching(/^\[\{"Fn::Join":\["",\["arn:",[^[]*":earshot-media-salesloft"\]\]\}\]$/),
    ]);
    expect(without?.variables).not.toHaveProperty('EARSHOT_MEDIA_QUEUE');
    expect(without?.sending).toEqual([]);
  });

  it('has one schedule a connection, whose input names it and which nothing repeats', () => {
    const schedules = Object.values(ingestion.findResources('AWS::Scheduler::Schedule')).map(
      (found) => found['Properties'],
    );
    const seen = schedules.map(({ Target, ScheduleExpression }) => [JSON.parse(Target.Input), ScheduleExpression]);
    expect(seen).toEqual(
      expect.arrayContaining([
        [{ connection: 'sales-us' }, 'rate(5 minutes)'],
        [{ connection: 'sales-eu' }, 'rate(1 minute)'],
        [{ connection: 'support' }, 'rate(5 minutes)'],
      ]),
    );
    expect(seen).toHaveLength(3);
    for (const { Target, FlexibleTimeWindow } of schedules) {
      expect(FlexibleTimeWindow).toEqual({ Mode: 'OFF' });
      expect(Target.RetryPolicy.MaximumRetryAttempts).toBe(0);
    }
    ingestion.allResourcesProperties('AWS::Lambda::EventInvokeConfig', { MaximumRetryAttempts: 0 });
    ingestion.resourceCountIs('AWS::Lambda::EventInvokeConfig', 2);
  });

  it('has no schedule for a paused connection and no function for a provider that is not in use', () => {
    const [sales, , support] = exampleFile.connections;
    const paused = synthesize({ connections: [{ ...sales, paused: true }] }).ingestion;
    paused.resourceCountIs('AWS::Scheduler::Schedule', 0);
    paused.resourceCountIs('AWS::Lambda::Function', 1);
    synthesize({ connections: [support] }).ingestion.resourceCountIs('AWS::Lambda::Function', 1);
  });

  it('may be hasty on one machine', () => {
    const hasty = { connections: [{ ...exampleFile.connections[0], every: '500ms' }] };
    synthesize(hasty, { oneMachine: true }).ingestion.hasResourceProperties('AWS::Scheduler::Schedule', {
      ScheduleExpression: 'rate(500 milliseconds)',
    });
  });

  it('synthesizes 200 connections within what CloudFormation and IAM take', () => {
    const template = synthesize({ connections: manyConnections(200) }).ingestion;
    template.resourceCountIs('AWS::Scheduler::Schedule', 200);
    template.resourceCountIs('AWS::Lambda::Function', 2);
    expect(Object.keys(template.toJSON()['Resources']).length).toBeLessThan(500);
    expect(JSON.stringify(template.toJSON()).length).toBeLessThan(1_000_000);
    const policies = Object.values(template.findResources('AWS::IAM::ManagedPolicy'));
    // An intrinsic is longer than what it stands for, so this is on the safe side of the 6,144 characters.
    for (const policy of policies) expect(textOf(policy['Properties'].PolicyDocument).length).toBeLessThan(6_144);
    for (const role of Object.values(template.findResources('AWS::IAM::Role'))) {
      expect((role['Properties'].ManagedPolicyArns ?? []).length).toBeLessThanOrEqual(10);
    }
  });
});

/** A document with every ARN as CloudFormation will write it: its longest region, a twelve-digit account. */
const textOf = (document: unknown): string =>
  JSON.stringify(document, (_, value) => {
    const parts: unknown = value?.['Fn::Join']?.[1];
    if (!Array.isArray(parts)) return value;
    return parts
      .map((part) =>
        typeof part === 'string' ? part : part.Ref === 'AWS::AccountId' ? '123456789012' : 'ap-southeast-1',
      )
      .join('');
  });

describe('rateOf', () => {
  it.each([
    ['1m', 'rate(1 minute)'],
    ['90s', 'rate(1 minute)'],
    ['119s', 'rate(1 minute)'],
    ['2m', 'rate(2 minutes)'],
    ['1h', 'rate(60 minutes)'],
    ['1d', 'rate(1440 minutes)'],
    ['5s', 'rate(5 seconds)'],
    ['1s', 'rate(1 second)'],
    ['500ms', 'rate(500 milliseconds)'],
    ['1500ms', 'rate(1500 milliseconds)'],
  ])('%s is %s', (every, rate) => {
    expect(rateOf(every)).toBe(rate);
  });
});
