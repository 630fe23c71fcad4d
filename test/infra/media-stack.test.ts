import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { allowed, exampleFile, synthesize } from './synthesized.ts';

const { media } = synthesize();
const [sales, , support] = exampleFile.connections;

const queueNames = (template: typeof media): string[] =>
  Object.values(template.findResources('AWS::SQS::Queue')).map((queue) => queue['Properties'].QueueName);

describe('media', () => {
  it('has a queue and its dead letters for each provider in use, encrypted and reached over TLS only', () => {
    expect(queueNames(media).toSorted()).toEqual([
      'earshot-media-salesloft',
      'earshot-media-salesloft-dead',
      'earshot-media-talkdesk',
      'earshot-media-talkdesk-dead',
    ]);
    media.allResourcesProperties('AWS::SQS::Queue', { SqsManagedSseEnabled: true, MessageRetentionPeriod: 1_209_600 });
    media.resourcePropertiesCountIs(
      'AWS::SQS::QueuePolicy',
      {
        PolicyDocument: {
          Statement: [
            Match.objectLike({
              Effect: 'Deny',
              Action: 'sqs:*',
              Condition: { Bool: { 'aws:SecureTransport': 'false' } },
            }),
          ],
        },
      },
      4,
    );
  });

  it('gives up a message after five tries, each hidden for six times what the function may take', () => {
    const functions = Object.values(media.findResources('AWS::Lambda::Function'));
    for (const found of functions) expect(found['Properties']).toMatchObject({ Timeout: 900, MemorySize: 1024 });
    for (const provider of ['salesloft', 'talkdesk']) {
      const [dead] = Object.keys(
        media.findResources('AWS::SQS::Queue', { Properties: { QueueName: `earshot-media-${provider}-dead` } }),
      );
      media.hasResourceProperties('AWS::SQS::Queue', {
        QueueName: `earshot-media-${provider}`,
        VisibilityTimeout: 6 * 900,
        RedrivePolicy: { maxReceiveCount: 5, deadLetterTargetArn: { 'Fn::GetAtt': [dead, 'Arn'] } },
      });
    }
  });

  it('works a queue off one message at a time, two at once, and lets a failure be reported', () => {
    media.allResourcesProperties('AWS::Lambda::EventSourceMapping', {
      BatchSize: 1,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: 2 },
    });
    media.resourceCountIs('AWS::Lambda::EventSourceMapping', 2);
  });

  it('lets a function do what a copy needs, with its own queue and its own secrets only', () => {
    const own = allowed(media).filter(({ owner }) => owner.startsWith('talkdeskmedia'));
    const rights = own
      .map(({ Action, Resource }) => [Action.toSorted().join(' '), JSON.stringify(Resource)] as const)
      .filter(([actions]) => !actions.startsWith('logs:'));
    const text = (pattern: RegExp) => expect.stringMatching(pattern);
    expect(rights).toHaveLength(5);
    expect(rights).toEqual(
      expect.arrayContaining([
        [
          'dynamodb:GetItem dynamodb:PutItem dynamodb:UpdateItem',
          text(/^\[\{"Fn::ImportValue":"[^"]*Table[^"]*Arn[^"]*"\}\]$/),
        ],
        ['s3:DeleteObject s3:GetObject s3:PutObject', text(/"\/transcripts\/\*"\]\]\}\]$/)],
        [
          's3:AbortMultipartUpload s3:DeleteObject s3:GetObject s3:ListMultipartUploadParts s3:PutObject',
          text(/"\/media\/\*"\]\]\}\]$/),
        ],
        [
          'sqs:ChangeMessageVisibility sqs:DeleteMessage sqs:GetQueueAttributes sqs:ReceiveMessage sqs:SendMessage',
          text(/":earshot-media-talkdesk"\]\]\}\]$/),
        ],
        ['secretsmanager:GetSecretValue', text(/:secret:earshot\/support-\?{6}"\]\]\}\]$/)],
      ]),
    );
  });

  it('tells a function its provider and its queue', () => {
    media.hasResourceProperties('AWS::Lambda::Function', {
      Environment: {
        Variables: Match.objectLike({
          EARSHOT_PROVIDER: 'talkdesk',
          EARSHOT_SETTLE_MS: '10000',
          EARSHOT_MEDIA_QUEUE: {
            'Fn::Join': ['', Match.arrayWith(['https://sqs.', { Ref: 'AWS::Region' }, '/earshot-media-talkdesk'])],
          },
        }),
      },
    });
  });

  it.each([
    {
      wish: 'false',
      of: [
        { ...sales, media: false },
        { ...support, media: [] },
      ],
      left: [],
    },
    {
      wish: 'some',
      of: [
        { ...sales, media: ['recording'] },
        { ...support, media: false },
      ],
      left: ['salesloft'],
    },
  ])('has nothing for a provider whose connections want no media ($wish)', ({ of, left }) => {
    const template = synthesize({ connections: of }).media;
    expect(queueNames(template).toSorted()).toEqual(
      left.flatMap((provider) => [`earshot-media-${provider}`, `earshot-media-${provider}-dead`]),
    );
    template.resourceCountIs('AWS::Lambda::Function', left.length);
  });

  it('has queues of its own for a deployment of another name', () => {
    expect(queueNames(synthesize(exampleFile, { name: 'acme-calls' }).media)).toContain('acme-calls-media-talkdesk');
  });
});
