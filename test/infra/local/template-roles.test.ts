import { expect, test } from 'vitest';
import { identitiesOf } from '#infra/local/access/identities-of.ts';
import { describe as describeAssembly } from '#infra/local/template/describe.ts';
import type { Description } from '#infra/local/template/description.ts';

const arn = 'arn:aws:iam::000000000000:role/app-Role';
const [Action, Resource] = ['s3:GetObject', '*'];

const described = (resources: {
  [id: string]: { Type: string; Properties?: Record<string, unknown> };
}): Description => {
  const Resources = Object.fromEntries(
    Object.entries(resources).map(([id, { Type, Properties = {} }]) => [id, { Type, Properties }]),
  );
  const addresses = { queueUrl: (name: string) => name, functionUrl: () => '' };
  const assembly = {
    assets: new Map([['code', '/code']]),
    stacks: [{ name: 'app', template: { Resources, Outputs: {} } }],
  };
  return describeAssembly(assembly, addresses);
};

const policy = (statement: object) => ({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...statement }] });
const roleOf = (service: string, properties: object) => {
  const trust = { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: service } };
  const AssumeRolePolicyDocument = { Version: '2012-10-17', Statement: [trust] };
  return { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument, ...properties } };
};
const role = (properties: object) => roleOf('lambda.amazonaws.com', properties);
const acting = {
  Type: 'AWS::Lambda::Function',
  Properties: {
    ...{ Code: { S3Key: 'code' }, Handler: 'index.handler', Runtime: 'nodejs24.x' },
    ...{ Role: { 'Fn::GetAtt': ['Role', 'Arn'] }, LoggingConfig: { LogGroup: 'logs' } },
  },
};
const Secrets = {
  Type: 'AWS::IAM::ManagedPolicy',
  Properties: { PolicyDocument: policy({ Action: 'secretsmanager:GetSecretValue', Resource: ['a', 'b'] }) },
};

test('a role carries what its own policies allow, and a function the role that it acts as', () => {
  const Condition = { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['calls#*'] } };
  const Policies = [
    { PolicyName: 'p', PolicyDocument: policy({ Action: ['dynamodb:GetItem'], Resource: 't', Condition }) },
  ];
  const found = described({
    Role: role({ Policies, ManagedPolicyArns: [{ Ref: 'Secrets' }] }),
    Secrets,
    Function: acting,
  });
  const conditions = [{ operator: 'ForAllValues:StringLike', key: 'dynamodb:LeadingKeys', values: ['calls#*'] }];
  const own = { effect: 'Allow', actions: ['dynamodb:GetItem'], resources: ['t'], conditions };
  const managedPolicies = ['arn:aws:iam::000000000000:policy/app-Secrets'];
  expect(found.roles).toEqual([{ arn, trusted: ['lambda.amazonaws.com'], statements: [own], managedPolicies }]);
  expect(found.functions[0]).toMatchObject({ role: arn, logGroup: 'logs' });
  const [identity, ...others] = identitiesOf(found);
  expect([identity?.name, others]).toEqual(['app-Function', []]);
  expect(identity?.grants.map(({ action, resource }) => `${action} ${resource}`)).toEqual([
    'dynamodb:GetItem t',
    'secretsmanager:GetSecretValue a',
    'secretsmanager:GetSecretValue b',
  ]);
});

test('a role that its service may not take on, or that holds policies of nobody here, is refused', () => {
  const other = described({ Role: roleOf('scheduler.amazonaws.com', {}), Function: acting });
  expect(() => identitiesOf(other)).toThrow(`lambda.amazonaws.com may not act as ${arn}`);
  const elsewhere = 'arn:aws:iam::aws:policy/AdministratorAccess';
  const foreign = described({ Role: role({ ManagedPolicyArns: [elsewhere] }), Function: acting });
  expect(() => identitiesOf(foreign)).toThrow(elsewhere);
});

test('what a policy may hold on AWS and nobody evaluates here is refused by name', () => {
  const holding = (statement: object) => () =>
    described({ Role: role({ Policies: [{ PolicyName: 'p', PolicyDocument: policy(statement) }] }) });
  expect(holding({ NotAction: 's3:*', Resource })).toThrow(/app\.Role \(AWS::IAM::Role\).*NotAction/s);
  expect(holding({ Action, NotResource: '*' })).toThrow(/NotResource/);
  const [operator, key] = [{ DateLessThan: { 's3:prefix': 'x' } }, { StringEquals: { 'aws:SourceIp': 'x' } }];
  expect(holding({ Action, Resource, Condition: operator })).toThrow(/DateLessThan/);
  expect(holding({ Action, Resource, Condition: key })).toThrow(/aws:SourceIp/);
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of the policy
  expect(holding({ Action, Resource: 'arn:aws:s3:::${aws:username}/*' })).toThrow(/policy variable/);
  expect(() => described({ Role: role({ PermissionsBoundary: 'arn' }) })).toThrow(/PermissionsBoundary/);
});
