import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { allowed, exampleFile, synthesize } from './synthesized.ts';

const templates = synthesize();
const all = Object.values(templates);

describe('storage', () => {
  it('keeps the table: encrypted, restorable, retained, its changes streamed', () => {
    const { storage } = templates;
    storage.hasResource('AWS::DynamoDB::GlobalTable', {
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: [
          { AttributeName: 'pk', KeyType: 'HASH' },
          { AttributeName: 'sk', KeyType: 'RANGE' },
        ],
        StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
        SSESpecification: { SSEEnabled: true },
        TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true },
        Replicas: [
          Match.objectLike({
            DeletionProtectionEnabled: true,
            PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
          }),
        ],
        GlobalSecondaryIndexes: [
          Match.objectLike({
            IndexName: 'byStart',
            Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['r', 'v'] },
          }),
          Match.objectLike({
            IndexName: 'byUpdate',
            Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['r', 'v'] },
          }),
          Match.objectLike({ IndexName: 'byDue', Projection: { ProjectionType: 'KEYS_ONLY' } }),
        ],
      },
    });
  });
});

describe('api', () => {
  it('has one address that streams and makes its own signing secret', () => {
    const { api } = templates;
    api.hasResourceProperties('AWS::Lambda::Url', { AuthType: 'NONE', InvokeMode: 'RESPONSE_STREAM' });
    api.hasResourceProperties('AWS::SecretsManager::Secret', {
      Name: 'earshot/signing-key',
      GenerateSecretString: { PasswordLength: 64 },
    });
    api.hasOutput('Address', {});
  });

  it('reads the secrets of clients and none of connections', () => {
    const secrets = JSON.stringify(templates.api.findResources('AWS::IAM::ManagedPolicy'));
    expect(secrets).toMatch(/earshot\/crm-/);
    expect(secrets).toMatch(/earshot\/bi-/);
    expect(secrets).not.toMatch(/earshot\/(sales|support)/);
  });

  it('keeps who read what for a year, beyond the stack, in a log that lookup alone writes', () => {
    const { api } = templates;
    const kept = api.findResources('AWS::Logs::LogGroup', { Properties: { RetentionInDays: 365 } });
    const [[id = '', group] = [], ...more] = Object.entries(kept);
    expect(more).toEqual([]);
    expect(group).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    api.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: Match.objectLike({ EARSHOT_READ_LOG: { Ref: id } }) },
    });
    const writing = all.flatMap(allowed).filter(({ Resource }) => JSON.stringify(Resource).includes(`"${id}"`));
    expect(writing.map(({ owner, Action }) => [owner.startsWith('Lookup'), Action])).toEqual([
      [true, ['logs:CreateLogStream', 'logs:PutLogEvents']],
    ]);
    api.hasOutput('ReadLog', { Value: { Ref: id } });
  });

  it('has no right to write anything but the counts of calls, legal holds and operations', () => {
    const writing = allowed(templates.api).filter(({ Action }) => Action.includes('dynamodb:UpdateItem'));
    expect(writing).toMatchObject([
      {
        Action: ['dynamodb:UpdateItem'],
        Condition: { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['calls'] } },
      },
      {
        Action: ['dynamodb:UpdateItem'],
        Condition: { 'ForAllValues:StringEquals': { 'dynamodb:Attributes': ['pk', 'sk', 'ho', 'r'] } },
      },
      {
        Action: ['dynamodb:PutItem', 'dynamodb:UpdateItem'],
        Condition: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['operations#*'] } },
      },
    ]);
    const own = allowed(templates.api).flatMap(({ Action }) => Action.filter((action) => !action.startsWith('logs:')));
    expect(new Set(own)).toEqual(
      new Set([
        'dynamodb:GetItem',
        'dynamodb:BatchGetItem',
        'dynamodb:Query',
        'dynamodb:PutItem',
        'dynamodb:UpdateItem',
        's3:GetObject',
        // Whom an erasure is about.
        's3:PutObject',
        's3:DeleteObject',
        'secretsmanager:GetSecretValue',
      ]),
    );
  });

  it.each([
    { oneMachine: false, settleMs: '10000' },
    { oneMachine: true, settleMs: '1000' },
  ])('settles lists after $settleMs ms (one machine: $oneMachine)', ({ oneMachine, settleMs }) => {
    synthesize(exampleFile, { oneMachine }).api.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: Match.objectLike({ EARSHOT_SETTLE_MS: settleMs }) },
    });
  });
});

describe('every stack', () => {
  it('runs each function on Node 24 and arm64, with a log of its own', () => {
    for (const template of all) {
      for (const [, found] of Object.entries(template.findResources('AWS::Lambda::Function'))) {
        expect(found['Properties']).toMatchObject({ Runtime: 'nodejs24.x', Architectures: ['arm64'] });
        expect(found['Properties'].LoggingConfig.LogGroup).toBeDefined();
      }
    }
  });

  it('stands without connections too', () => {
    const empty = synthesize({ connections: [] });
    expect(Object.values(empty).map((template) => Object.keys(template.toJSON()['Resources']).length)).not.toContain(0);
    empty.media.resourceCountIs('AWS::SQS::Queue', 0);
  });

  it('is named with the prefix, as the bus and the schedules are', () => {
    const named = synthesize(exampleFile, { name: 'acme-calls' });
    named.events.hasResourceProperties('AWS::Events::EventBus', { Name: 'acme-calls' });
    named.ingestion.hasResourceProperties('AWS::Scheduler::Schedule', { Name: 'acme-calls-support' });
    templates.events.hasResourceProperties('AWS::Events::EventBus', { Name: 'earshot' });
  });
});
