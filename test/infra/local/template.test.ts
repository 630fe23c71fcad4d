import { describe, expect, test } from 'vitest';
import { functionArn } from '#infra/local/template/arns.ts';
import type { Assembly } from '#infra/local/template/assembly.ts';
import { describe as describeAssembly } from '#infra/local/template/describe.ts';

const addresses = { queueUrl: (name: string) => `http://queues/${name}`, functionUrl: () => 'http://127.0.0.1:1/' };

type Resources = Record<string, { Type: string; Properties?: Record<string, unknown> }>;
const stackOf = (
  name: string,
  Resources: Resources,
  Outputs: Assembly['stacks'][number]['template']['Outputs'] = {},
) => ({
  name,
  template: {
    Resources: Object.fromEntries(Object.entries(Resources).map(([id, r]) => [id, { Properties: {}, ...r }])),
    Outputs,
  },
});

const table = {
  Type: 'AWS::DynamoDB::GlobalTable',
  Properties: {
    AttributeDefinitions: ['pk', 'sk', 'cn', 'st'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
    KeySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ],
    BillingMode: 'PAY_PER_REQUEST',
    GlobalSecondaryIndexes: [
      {
        IndexName: 'byStart',
        KeySchema: [
          { AttributeName: 'cn', KeyType: 'HASH' },
          { AttributeName: 'st', KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['r'] },
      },
    ],
    Replicas: [{ Region: { Ref: 'AWS::Region' } }],
    StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
    TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true },
  },
};

const functionResource = (properties: Record<string, unknown> = {}) => ({
  Type: 'AWS::Lambda::Function',
  Properties: {
    Code: { S3Bucket: { 'Fn::Join': ['-', ['cdk-assets', { Ref: 'AWS::AccountId' }]] }, S3Key: 'abc.zip' },
    Handler: 'index.handler',
    Runtime: 'nodejs24.x',
    Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
    Timeout: 60,
    MemorySize: 512,
    ...properties,
  },
});

const trust = (service: string) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: service } }],
});

const roleResource = (properties: Record<string, unknown> = {}) => ({
  Type: 'AWS::IAM::Role',
  Properties: { AssumeRolePolicyDocument: trust('lambda.amazonaws.com'), ...properties },
});

const twoStacks = (): Assembly => ({
  assets: new Map([['abc.zip', '/assets/abc']]),
  stacks: [
    stackOf(
      'app-storage',
      { Table: table, Dead: { Type: 'AWS::S3::Bucket' } },
      {
        ExportStream: { Value: { 'Fn::GetAtt': ['Table', 'StreamArn'] }, Export: { Name: 'app-storage:Stream' } },
        ExportName: { Value: { Ref: 'Table' }, Export: { Name: 'app-storage:Table' } },
        ExportDead: { Value: { 'Fn::GetAtt': ['Dead', 'Arn'] }, Export: { Name: 'app-storage:Dead' } },
      },
    ),
    stackOf('app-api', {
      Role: roleResource(),
      Bus: { Type: 'AWS::Events::EventBus', Properties: { Name: 'app' } },
      Key: {
        Type: 'AWS::SecretsManager::Secret',
        Properties: { GenerateSecretString: { PasswordLength: 64, ExcludePunctuation: true } },
      },
      Publish: functionResource({
        Environment: {
          Variables: { TABLE: { 'Fn::ImportValue': 'app-storage:Table' }, BUS: { Ref: 'Bus' }, KEY: { Ref: 'Key' } },
        },
        ReservedConcurrentExecutions: 2,
      }),
      Config: {
        Type: 'AWS::Lambda::EventInvokeConfig',
        Properties: { FunctionName: { Ref: 'Publish' }, Qualifier: '$LATEST', MaximumRetryAttempts: 0 },
      },
      Address: {
        Type: 'AWS::Lambda::Url',
        Properties: {
          AuthType: 'NONE',
          InvokeMode: 'RESPONSE_STREAM',
          TargetFunctionArn: { 'Fn::GetAtt': ['Publish', 'Arn'] },
        },
      },
      Source: {
        Type: 'AWS::Lambda::EventSourceMapping',
        Properties: {
          EventSourceArn: { 'Fn::ImportValue': 'app-storage:Stream' },
          FunctionName: { Ref: 'Publish' },
          StartingPosition: 'TRIM_HORIZON',
          BisectBatchOnFunctionError: true,
          BatchSize: 50,
          MaximumRetryAttempts: 10,
          FunctionResponseTypes: ['ReportBatchItemFailures'],
          FilterCriteria: { Filters: [{ Pattern: '{"a":[1]}' }] },
          DestinationConfig: { OnFailure: { Destination: { 'Fn::ImportValue': 'app-storage:Dead' } } },
        },
      },
      Tick: {
        Type: 'AWS::Scheduler::Schedule',
        Properties: {
          Name: 'app-sales',
          ScheduleExpression: 'rate(5 seconds)',
          FlexibleTimeWindow: { Mode: 'OFF' },
          Target: {
            Arn: { 'Fn::GetAtt': ['Publish', 'Arn'] },
            RoleArn: { 'Fn::GetAtt': ['Role', 'Arn'] },
            Input: '{"connection":"sales"}',
          },
        },
      },
    }),
  ],
});

describe('a description of two stacks', () => {
  const described = describeAssembly(twoStacks(), addresses);
  const tableName = described.tables[0]?.name ?? '';

  test('tables carry keys, indexes, stream and expiry', () => {
    expect(described.tables).toEqual([
      {
        name: 'app-storage-Table',
        keys: { partition: 'pk', sort: 'sk' },
        indexes: [{ name: 'byStart', partition: 'cn', sort: 'st', include: ['r'] }],
        stream: 'NEW_AND_OLD_IMAGES',
        ttl: 'ttl',
      },
    ]);
  });

  test('functions carry their asset and an environment without references', () => {
    const [publish] = described.functions;
    expect(publish).toMatchObject({
      folder: '/assets/abc',
      handler: 'index.handler',
      timeoutMs: 60_000,
      memoryMb: 512,
      concurrency: 2,
    });
    expect(publish?.environment).toMatchObject({ TABLE: tableName, BUS: 'app' });
    expect(publish?.environment['KEY']).toMatch(
      /^arn:aws:secretsmanager:us-east-1:000000000000:secret:Key-local-\w{6}$/,
    );
    expect(described.urls).toEqual([{ function: 'app-api-Publish', logicalId: 'Address', streaming: true }]);
  });

  test('sources, schedules and secrets name what they belong to', () => {
    expect(described.streamSources).toEqual([
      {
        name: 'app-api-Source',
        function: 'app-api-Publish',
        table: tableName,
        batchSize: 50,
        windowMs: 0,
        bisect: true,
        retries: 10,
        reportsFailures: true,
        filters: ['{"a":[1]}'],
        failureBucket: 'app-storage-dead',
      },
    ]);
    expect(described.schedules).toEqual([
      {
        name: 'app-sales',
        expression: 'rate(5 seconds)',
        enabled: true,
        target: functionArn('app-api-Publish'),
        input: '{"connection":"sales"}',
        role: 'arn:aws:iam::000000000000:role/app-api-Role',
      },
    ]);
    const [secret] = described.secrets;
    expect(secret).toMatchObject({ name: 'Key-local', value: { kind: 'generated', length: 64 } });
    expect(secret?.value.kind === 'generated' && secret.value.alphabet).toHaveLength(62);
  });
});

describe('what is not understood is refused with its type and logical id', () => {
  const refused = (resources: Resources) => () =>
    describeAssembly({ assets: new Map([['abc.zip', '/assets/abc']]), stacks: [stackOf('app', resources)] }, addresses);

  test('a type', () => {
    expect(refused({ Pipe: { Type: 'AWS::Pipes::Pipe' } })).toThrow(
      'app.Pipe (AWS::Pipes::Pipe): this type is not understood',
    );
  });
  test('a property', () => {
    expect(refused({ Role: roleResource(), F: functionResource({ Layers: ['x'] }) })).toThrow(
      /app\.F \(AWS::Lambda::Function\).*Layers/s,
    );
  });
  test('an intrinsic function, an attribute, a missing asset', () => {
    const role = { Role: roleResource() };
    expect(refused({ ...role, F: functionResource({ FunctionName: { 'Fn::If': ['A', 'b', 'c'] } }) })).toThrow(
      'Fn::If is not understood',
    );
    expect(refused({ ...role, F: functionResource({ FunctionName: { 'Fn::GetAtt': ['Role', 'Nope'] } }) })).toThrow(
      'attribute Nope',
    );
    expect(refused({ ...role, F: functionResource({ Code: { S3Key: 'other.zip' } }) })).toThrow(
      'no asset with the key other.zip',
    );
  });
  test('asynchronous retries, and a name that depends on itself', () => {
    const config = {
      Type: 'AWS::Lambda::EventInvokeConfig',
      Properties: { FunctionName: 'f', Qualifier: '$LATEST', MaximumRetryAttempts: 2 },
    };
    expect(refused({ Config: config })).toThrow('expected 0');
    expect(refused({ B: { Type: 'AWS::S3::Bucket', Properties: { BucketName: { Ref: 'B' } } } })).toThrow(
      'depends on itself',
    );
  });
});
