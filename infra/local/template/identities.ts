import { createHash } from 'node:crypto';
import { secretArn } from '#infra/local/secrets/secret-store.ts';
import {
  arn,
  bucketArn,
  busArn,
  functionArn,
  managedPolicyArn,
  queueArn,
  region,
  roleArn,
  streamArn,
  tableArn,
} from './arns.ts';

/** What Ref and Fn::GetAtt give for a resource. */
export type Identity = { ref: string; attributes: Readonly<Record<string, string>> };

/** Addresses that are only known once the embedded endpoints stand. */
export type Addresses = { queueUrl: (name: string) => string; functionUrl: (logicalId: string) => string };

type Kind = {
  /** the property that names it, where the template may choose the name */
  property?: string;
  /** the longest name that the service takes */
  longest?: number;
  identity: (name: string, addresses: Addresses) => Identity;
};

const named = (name: string, Arn: string, more: Record<string, string> = {}): Identity => ({
  ref: name,
  attributes: { Arn, ...more },
});

const table: Kind = {
  property: 'TableName',
  identity: (name) => named(name, tableArn(name), { StreamArn: streamArn(name), TableId: name }),
};

/** Every type whose name or ARN others may ask for. */
export const kinds: Readonly<Record<string, Kind>> = {
  'AWS::DynamoDB::GlobalTable': table,
  'AWS::DynamoDB::Table': table,
  'AWS::S3::Bucket': {
    property: 'BucketName',
    longest: 63,
    identity: (name) =>
      named(name, bucketArn(name), {
        DomainName: `${name}.s3.amazonaws.com`,
        RegionalDomainName: `${name}.s3.${region}.amazonaws.com`,
      }),
  },
  'AWS::Lambda::Function': {
    property: 'FunctionName',
    longest: 64,
    identity: (name) => named(name, functionArn(name)),
  },
  'AWS::Lambda::Url': {
    identity: (name, { functionUrl }) => ({
      ref: name,
      attributes: { FunctionUrl: functionUrl(name), FunctionArn: functionArn(name) },
    }),
  },
  'AWS::SQS::Queue': {
    property: 'QueueName',
    longest: 80,
    identity: (name, { queueUrl }) => ({
      ref: queueUrl(name),
      attributes: { Arn: queueArn(name), QueueName: name, QueueUrl: queueUrl(name) },
    }),
  },
  'AWS::Events::EventBus': { property: 'Name', identity: (name) => named(name, busArn(name), { Name: name }) },
  'AWS::Events::Rule': {
    property: 'Name',
    longest: 64,
    identity: (name) => named(name, arn('events', `rule/${name}`)),
  },
  'AWS::SecretsManager::Secret': {
    property: 'Name',
    identity: (name) => ({ ref: secretArn(name), attributes: { Id: secretArn(name) } }),
  },
  'AWS::Scheduler::ScheduleGroup': {
    property: 'Name',
    longest: 64,
    identity: (name) => named(name, arn('scheduler', `schedule-group/${name}`)),
  },
  'AWS::Scheduler::Schedule': {
    property: 'Name',
    longest: 64,
    identity: (name) => named(name, arn('scheduler', `schedule/default/${name}`)),
  },
  'AWS::Lambda::EventInvokeConfig': { identity: (name) => ({ ref: name, attributes: {} }) },
  'AWS::Lambda::EventSourceMapping': {
    identity: (name) => ({
      ref: name,
      attributes: { Id: name, EventSourceMappingArn: arn('lambda', `event-source-mapping:${name}`) },
    }),
  },
  'AWS::IAM::Role': {
    property: 'RoleName',
    longest: 64,
    identity: (name) => named(name, roleArn(name), { RoleId: name }),
  },
  'AWS::IAM::ManagedPolicy': {
    property: 'ManagedPolicyName',
    identity: (name) => ({ ref: managedPolicyArn(name), attributes: {} }),
  },
  'AWS::Logs::LogGroup': {
    property: 'LogGroupName',
    identity: (name) => named(name, arn('logs', `log-group:${name}:*`)),
  },
};

/** The name of a resource that the template does not name: the same on every start, as long as the template stays. */
export function generatedName(stack: string, logicalId: string, type: string): string {
  // CDK reads a secret's name back out of its ARN and counts on exactly one hyphen, as CloudFormation makes it.
  if (type === 'AWS::SecretsManager::Secret') return `${logicalId}-local`;
  const name = `${stack}-${logicalId}`;
  const whole = type === 'AWS::S3::Bucket' ? name.toLowerCase() : name;
  const longest = kinds[type]?.longest ?? 128;
  if (whole.length <= longest) return whole;
  const hash = createHash('sha256').update(whole).digest('hex').slice(0, 8);
  return `${whole.slice(0, longest - 9)}-${hash}`;
}
