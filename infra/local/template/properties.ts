import * as z from 'zod';
import { policyDocument } from '#infra/local/access/statement.ts';
import { account } from './arns.ts';

/**
 * The properties that the runtime understands, type by type. Each object is strict: a property that stands here neither
 * with a meaning nor under `ignored` is an error, since it might make the deployed system behave otherwise.
 */
const ignored = <const Name extends string>(...names: Name[]): { [Key in Name]: z.ZodOptional<z.ZodUnknown> } =>
  // Object.fromEntries forgets which keys it got.
  Object.fromEntries(names.map((name) => [name, z.unknown().optional()])) as {
    [Key in Name]: z.ZodOptional<z.ZodUnknown>;
  };

const text = z.string().min(1);
const attributeDefinitions = z.array(z.strictObject({ AttributeName: text, AttributeType: z.enum(['S', 'N', 'B']) }));
const keySchema = z.array(z.strictObject({ AttributeName: text, KeyType: z.enum(['HASH', 'RANGE']) }));
const timeToLive = z.strictObject({ AttributeName: text, Enabled: z.boolean().default(true) });
const stream = z.strictObject({
  StreamViewType: z.enum(['KEYS_ONLY', 'NEW_IMAGE', 'OLD_IMAGE', 'NEW_AND_OLD_IMAGES']),
  ...ignored('ResourcePolicy'),
});

export const tableProperties = z.strictObject({
  TableName: text.optional(),
  AttributeDefinitions: attributeDefinitions,
  KeySchema: keySchema,
  BillingMode: z.literal('PAY_PER_REQUEST'),
  GlobalSecondaryIndexes: z
    .array(
      z.strictObject({
        IndexName: text,
        KeySchema: keySchema,
        Projection: z.strictObject({
          ProjectionType: z.enum(['ALL', 'KEYS_ONLY', 'INCLUDE']),
          NonKeyAttributes: z.array(text).optional(),
        }),
        ...ignored(
          'OnDemandThroughput',
          'WriteOnDemandThroughputSettings',
          'ContributorInsightsSpecification',
          'WarmThroughput',
        ),
      }),
    )
    .default([]),
  StreamSpecification: stream.optional(),
  TimeToLiveSpecification: timeToLive.optional(),
  ...ignored('Replicas', 'SSESpecification', 'PointInTimeRecoverySpecification', 'DeletionProtectionEnabled', 'Tags'),
  ...ignored(
    'WriteOnDemandThroughputSettings',
    'OnDemandThroughput',
    'TableClass',
    'ContributorInsightsSpecification',
    'WarmThroughput',
  ),
});

export const bucketProperties = z.strictObject({
  BucketName: text.optional(),
  ...ignored(
    'BucketEncryption',
    'PublicAccessBlockConfiguration',
    'OwnershipControls',
    'VersioningConfiguration',
    'Tags',
  ),
  ...ignored('LifecycleConfiguration', 'LoggingConfiguration', 'AccessControl'),
});

export const queueProperties = z.strictObject({
  QueueName: text.optional(),
  VisibilityTimeout: z.int().optional(),
  DelaySeconds: z.int().optional(),
  MessageRetentionPeriod: z.int().optional(),
  ReceiveMessageWaitTimeSeconds: z.int().optional(),
  RedrivePolicy: z.strictObject({ deadLetterTargetArn: text, maxReceiveCount: z.int().positive() }).optional(),
  ...ignored('SqsManagedSseEnabled', 'KmsMasterKeyId', 'KmsDataKeyReusePeriodSeconds', 'Tags', 'RedriveAllowPolicy'),
});

export const busProperties = z.strictObject({
  Name: text,
  ...ignored('Description', 'KmsKeyIdentifier', 'LogConfig', 'Policy', 'Tags'),
});

export const logGroupProperties = z.strictObject({
  LogGroupName: text.optional(),
  // On one machine no line is dropped.
  ...ignored('RetentionInDays', 'KmsKeyId', 'LogGroupClass', 'Tags'),
});

export const ruleProperties = z.strictObject({
  Name: text.optional(),
  EventBusName: text.optional(),
  EventPattern: z.record(z.string(), z.unknown()),
  State: z.enum(['ENABLED', 'DISABLED']).default('ENABLED'),
  Targets: z.array(
    z.strictObject({
      Arn: text,
      Id: text,
      Input: text.optional(),
      InputPath: text.optional(),
      DeadLetterConfig: z.strictObject({ Arn: text }).optional(),
      RetryPolicy: z
        .strictObject({ MaximumRetryAttempts: z.int().optional(), MaximumEventAgeInSeconds: z.int().optional() })
        .optional(),
      ...ignored('RoleArn'),
    }),
  ),
  ...ignored('Description', 'Tags', 'RoleArn'),
});

export const secretProperties = z.strictObject({
  Name: text.optional(),
  SecretString: z.string().optional(),
  GenerateSecretString: z
    .strictObject({
      PasswordLength: z.int().positive().default(32),
      ExcludeCharacters: z.string().default(''),
      ExcludeLowercase: z.boolean().default(false),
      ExcludeUppercase: z.boolean().default(false),
      ExcludeNumbers: z.boolean().default(false),
      ExcludePunctuation: z.boolean().default(false),
      IncludeSpace: z.boolean().default(false),
      SecretStringTemplate: text.optional(),
      GenerateStringKey: text.optional(),
      ...ignored('RequireEachIncludedType'),
    })
    .optional(),
  ...ignored('Description', 'KmsKeyId', 'Tags'),
});

export const functionProperties = z.strictObject({
  FunctionName: text.optional(),
  Code: z.strictObject({ S3Key: text, ...ignored('S3Bucket') }),
  Handler: text,
  Runtime: z.string().regex(/^nodejs/, 'expected a Node runtime'),
  Environment: z.strictObject({ Variables: z.record(z.string(), z.string()).default({}) }).default({ Variables: {} }),
  Timeout: z.int().positive().default(3),
  MemorySize: z.int().positive().default(128),
  ReservedConcurrentExecutions: z.int().nonnegative().optional(),
  Role: text,
  LoggingConfig: z.strictObject({ LogGroup: text, ...ignored('LogFormat') }).optional(),
  ...ignored('Architectures', 'Description', 'TracingConfig', 'Tags', 'RuntimeManagementConfig', 'RecursiveLoop'),
});

export const managedPolicyProperties = z.strictObject({
  ManagedPolicyName: text.optional(),
  PolicyDocument: policyDocument,
  ...ignored('Description', 'Path'),
});

/** Who may take a role on: services, for this account. */
const trust = z.strictObject({
  Version: z.literal('2012-10-17'),
  Statement: z.array(
    z.strictObject({
      Effect: z.literal('Allow'),
      Action: z.literal('sts:AssumeRole'),
      Principal: z.strictObject({ Service: text }),
      Condition: z
        .strictObject({ StringEquals: z.strictObject({ 'aws:SourceAccount': z.literal(account) }) })
        .optional(),
    }),
  ),
});

export const roleProperties = z.strictObject({
  RoleName: text.optional(),
  AssumeRolePolicyDocument: trust,
  Policies: z.array(z.strictObject({ PolicyName: text, PolicyDocument: policyDocument })).default([]),
  ManagedPolicyArns: z.array(text).default([]),
  ...ignored('Description', 'Tags', 'MaxSessionDuration', 'Path'),
});

export const urlProperties = z.strictObject({
  TargetFunctionArn: text,
  AuthType: z.literal('NONE'),
  InvokeMode: z.enum(['BUFFERED', 'RESPONSE_STREAM']).default('BUFFERED'),
  ...ignored('Cors'),
});

const filters = z.strictObject({ Filters: z.array(z.strictObject({ Pattern: text })) });

export const eventSourceProperties = z.strictObject({
  EventSourceArn: text,
  FunctionName: text,
  Enabled: z.boolean().default(true),
  BatchSize: z.int().positive().optional(),
  MaximumBatchingWindowInSeconds: z.int().nonnegative().default(0),
  FunctionResponseTypes: z.array(z.literal('ReportBatchItemFailures')).default([]),
  FilterCriteria: filters.optional(),
  StartingPosition: z
    .literal('TRIM_HORIZON', 'expected TRIM_HORIZON: LATEST would lose what was written before')
    .optional(),
  BisectBatchOnFunctionError: z.boolean().default(false),
  MaximumRetryAttempts: z.int().min(-1).default(-1),
  DestinationConfig: z.strictObject({ OnFailure: z.strictObject({ Destination: text }) }).optional(),
  ScalingConfig: z.strictObject({ MaximumConcurrency: z.int().positive() }).optional(),
  // One shard on one machine: more readers of it, or an age limit in days, would change nothing that can be seen.
  ...ignored('ParallelizationFactor', 'MaximumRecordAgeInSeconds', 'Tags', 'MetricsConfig'),
});

export const asyncProperties = z.strictObject({
  FunctionName: text,
  Qualifier: z.literal('$LATEST'),
  MaximumRetryAttempts: z.literal(0, 'expected 0: one machine does not repeat asynchronous invocations'),
  ...ignored('MaximumEventAgeInSeconds'),
});

export const scheduleProperties = z.strictObject({
  Name: text.optional(),
  GroupName: text.optional(),
  ScheduleExpression: z.string().regex(/^rate\(/, 'expected rate(...)'),
  State: z.enum(['ENABLED', 'DISABLED']).default('ENABLED'),
  FlexibleTimeWindow: z.strictObject({ Mode: z.enum(['OFF', 'FLEXIBLE']), ...ignored('MaximumWindowInMinutes') }),
  Target: z.strictObject({
    Arn: text,
    RoleArn: text,
    Input: z.string().default('{}'),
    ...ignored('RetryPolicy', 'DeadLetterConfig'),
  }),
  ...ignored('Description', 'KmsKeyArn'),
});
