import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { streamArn } from '#infra/local/template/arns.ts';
import type { Stack } from '#infra/local/template/assembly.ts';
import { createResolver } from '#infra/local/template/resolve.ts';

const addresses = { queueUrl: (name: string) => `http://queues/${name}`, functionUrl: () => 'http://127.0.0.1:1/' };

describe('intrinsic functions', () => {
  const Resources = {
    Q: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'jobs' } },
    T: { Type: 'AWS::DynamoDB::GlobalTable', Properties: {} },
    S: { Type: 'AWS::SecretsManager::Secret', Properties: { Name: 'a/b-c' } },
  };
  const stack: Stack = { name: 'app', template: { Resources, Outputs: {} } };
  const { resolve } = createResolver({ stacks: [stack], assets: new Map() }, addresses);

  // The placeholders are CloudFormation's.
  const substitution = ['$' + '{A}-$' + '{Q.QueueName}-$' + '{!keep}-$' + '{AWS::Region}', { A: 'x' }];

  test.each([
    [{ Ref: 'Q' }, 'http://queues/jobs'],
    [{ 'Fn::GetAtt': 'Q.Arn' }, 'arn:aws:sqs:us-east-1:000000000000:jobs'],
    [{ 'Fn::Sub': substitution }, 'x-jobs-$' + '{keep}-us-east-1'],
    [{ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':', { Ref: 'AWS::StackName' }]] }, 'arn:aws:app'],
    [{ 'Fn::Select': [1, { 'Fn::Split': [':', 'a:b:c'] }] }, 'b'],
    [{ list: [{ Ref: 'AWS::NoValue' }, 1], gone: { Ref: 'AWS::NoValue' } }, { list: [1] }],
    [{ 'Fn::GetAtt': ['T', 'StreamArn'] }, streamArn('app-T')],
    // how CDK reads a secret's name out of its ARN
    [{ 'Fn::Join': ['-', [{ 'Fn::Select': [0, splitName()] }, { 'Fn::Select': [1, splitName()] }]] }, 'a/b-c'],
  ])('%j', (value, expected) => {
    expect(resolve(stack, value)).toEqual(expected);
  });

  test('a value without references stays as it is', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        fc.pre(!/"(Ref|Fn::)/.test(JSON.stringify(value)));
        expect(resolve(stack, value)).toEqual(value);
      }),
    );
  });

  function splitName() {
    return { 'Fn::Split': ['-', { 'Fn::Select': [6, { 'Fn::Split': [':', { Ref: 'S' }] }] }] };
  }
});
