import { describe, expect, it } from 'vitest';
import { everything, type Found, found, has, where } from './whole-app.ts';

/** What holds data that must outlive the stacks, and what holds work on the way or nothing. A new type has to be judged. */
const holding = ['AWS::DynamoDB::GlobalTable', 'AWS::S3::Bucket'];
const others = [
  'AWS::Budgets::Budget',
  'AWS::CloudFormation::WaitConditionHandle',
  'AWS::CloudWatch::Alarm',
  'AWS::CloudWatch::Dashboard',
  'AWS::Events::EventBus',
  'AWS::IAM::ManagedPolicy',
  'AWS::IAM::Role',
  'AWS::Lambda::EventInvokeConfig',
  'AWS::Lambda::EventSourceMapping',
  'AWS::Lambda::Function',
  'AWS::Lambda::Permission',
  'AWS::Lambda::Url',
  'AWS::Logs::LogGroup',
  'AWS::Logs::MetricFilter',
  'AWS::S3::BucketPolicy',
  'AWS::SNS::Topic',
  'AWS::SNS::TopicPolicy',
  'AWS::SQS::Queue',
  'AWS::SQS::QueuePolicy',
  'AWS::Scheduler::Schedule',
  'AWS::Scheduler::ScheduleGroup',
  'AWS::SecretsManager::Secret',
];

const isTheReadLog = ({ type, id }: Found): boolean => type === 'AWS::Logs::LogGroup' && id.startsWith('Reads');

type Statement = { Effect: string; Action: unknown; Principal?: unknown; Condition?: unknown };
const statementsOf = ({ properties }: Found): Statement[] =>
  (properties['PolicyDocument'] as { Statement: Statement[] }).Statement;

describe('data', () => {
  it('has every type of resource of the app judged', () => {
    const types = new Set(everything.map(({ type }) => type));
    expect([...types].filter((type) => ![...holding, ...others].includes(type))).toEqual([]);
  });

  it('is kept when its stack goes or CloudFormation wants to replace it, and nothing else is', () => {
    const retained = { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' };
    for (const one of everything) {
      if (holding.includes(one.type) || isTheReadLog(one)) expect(one.kept, where(one)).toMatchObject(retained);
      else expect([undefined, 'Delete'], where(one)).toContain(one.kept.DeletionPolicy);
    }
    expect(everything.filter(isTheReadLog)).toHaveLength(1);
  });

  it('rests encrypted: tables, buckets and queues', () => {
    for (const table of found('AWS::DynamoDB::GlobalTable')) {
      expect(table.properties, where(table)).toMatchObject({ SSESpecification: { SSEEnabled: true } });
    }
    for (const bucket of found('AWS::S3::Bucket')) {
      expect(has(bucket.properties['BucketEncryption'], '"SSEAlgorithm":"AES256"'), where(bucket)).toBe(true);
    }
    const queues = found('AWS::SQS::Queue');
    expect(queues.length).toBeGreaterThan(15);
    for (const queue of queues) expect(queue.properties, where(queue)).toMatchObject({ SqsManagedSseEnabled: true });
  });

  it('moves over TLS only: buckets, queues and the topic refuse everything else', () => {
    const closed = (type: string, owned: string, property: string) => {
      for (const one of found(owned)) {
        const policies = found(type).filter(
          ({ stack, properties }) => stack === one.stack && has(properties[property], `"${one.id}"`),
        );
        const denied = policies
          .flatMap(statementsOf)
          .filter(({ Effect, Condition }) => Effect === 'Deny' && has(Condition, '"aws:SecureTransport":"false"'));
        expect(denied, where(one)).toHaveLength(1);
      }
    };
    closed('AWS::S3::BucketPolicy', 'AWS::S3::Bucket', 'Bucket');
    closed('AWS::SQS::QueuePolicy', 'AWS::SQS::Queue', 'Queues');
    closed('AWS::SNS::TopicPolicy', 'AWS::SNS::Topic', 'Topics');
  });

  it('can be brought back as it was: the table, which nobody deletes by mistake either', () => {
    for (const table of found('AWS::DynamoDB::GlobalTable')) {
      expect(table.properties['Replicas'], where(table)).toMatchObject([
        { DeletionProtectionEnabled: true, PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } },
      ]);
    }
  });

  it('leaves no old versions in a bucket: what is erased must be gone (infra/constructs/private-bucket.ts)', () => {
    for (const bucket of found('AWS::S3::Bucket')) {
      expect(bucket.properties, where(bucket)).not.toHaveProperty('VersioningConfiguration');
      expect(bucket.properties['PublicAccessBlockConfiguration'], where(bucket)).toEqual({
        ...{ BlockPublicAcls: true, BlockPublicPolicy: true },
        ...{ IgnorePublicAcls: true, RestrictPublicBuckets: true },
      });
    }
  });

  it('does not lie in logs for ever', () => {
    for (const log of found('AWS::Logs::LogGroup')) {
      expect(log.properties['RetentionInDays'], where(log)).toBe(isTheReadLog(log) ? 365 : 30);
    }
  });
});

describe('rights', () => {
  it('have no wildcard for an action, and none that is the whole resource', () => {
    const documents = everything.flatMap(({ type, properties }) => [
      ...(type === 'AWS::IAM::ManagedPolicy' ? [properties['PolicyDocument']] : []),
      ...(type === 'AWS::IAM::Role' && Array.isArray(properties['Policies'])
        ? properties['Policies'].map(({ PolicyDocument }) => PolicyDocument)
        : []),
    ]);
    expect(documents.length).toBeGreaterThan(25);
    for (const document of documents) {
      for (const { Action, Resource } of (document as { Statement: (Statement & { Resource: unknown })[] }).Statement) {
        for (const action of [Action].flat()) expect(action).toMatch(/^[a-z0-9]+:[A-Za-z]+$/);
        expect([Resource].flat()).not.toContain('*');
      }
    }
  });

  it('let everybody in at two addresses only, which ask for tokens or signatures themselves', () => {
    const open = found('AWS::Lambda::Permission').filter(({ properties }) => properties['Principal'] === '*');
    for (const { id, properties } of open) {
      expect(id).toMatch(/^(Lookup|Webhook)/);
      expect(properties['FunctionUrlAuthType'] === 'NONE' || properties['InvokedViaFunctionUrl'] === true, id).toBe(
        true,
      );
    }
    expect(open).toHaveLength(4);
    for (const role of found('AWS::IAM::Role')) {
      expect(has(role.properties['AssumeRolePolicyDocument'], '*'), where(role)).toBe(false);
    }
    for (const type of ['AWS::S3::BucketPolicy', 'AWS::SQS::QueuePolicy', 'AWS::SNS::TopicPolicy']) {
      for (const policy of found(type)) {
        for (const { Effect, Principal } of statementsOf(policy)) {
          if (Effect === 'Allow') expect(has(Principal, '*'), where(policy)).toBe(false);
        }
      }
    }
  });
});
