import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { allowed, exampleFile, synthesize } from './synthesized.ts';

const [sales, , support] = exampleFile.connections;
const file = {
  connections: [
    { ...sales, webhook: { secrets: [{ secret: 'earshot/hooks/sales' }, { secret: 'earshot/hooks/sales-next' }] } },
    { ...support, webhook: { secrets: [{ secret: 'earshot/hooks/support' }] } },
    { id: 'voice', provider: 'magpipe', credentials: { secret: 'earshot/voice' }, webhook: { unsignedHints: true } },
    { ...sales, id: 'quiet', credentials: { secret: 'earshot/quiet' }, webhook: { secrets: [] } },
  ],
};
const { webhooks, storage } = synthesize(file);

/** What a function may do beside writing its log: actions, and the end of each resource. */
const rightsOf = (owner: RegExp) =>
  allowed(webhooks)
    .filter(
      (statement) => owner.test(statement.owner) && !statement.Action.some((action) => action.startsWith('logs:')),
    )
    .map(({ Action, Resource }) => [Action.toSorted().join(' '), Resource.map(endOf).toSorted().join(' ')])
    .toSorted();

const endOf = (resource: unknown): string => {
  const text = JSON.stringify(resource);
  return /Table[^"]*Arn/.test(text) ? 'table' : (/[:/]([a-z][\w/-]*(?:\/\*|-\?{6})?)"\]\]\}$/.exec(text)?.[1] ?? text);
};

describe('webhooks', () => {
  it('have one address that answers whole, at a function that a flood cannot make larger', () => {
    webhooks.resourcePropertiesCountIs('AWS::Lambda::Url', { AuthType: 'NONE', InvokeMode: 'BUFFERED' }, 1);
    // One machine knows by this name which address takes `/webhooks/`.
    expect(Object.keys(webhooks.findResources('AWS::Lambda::Url'))).toEqual([expect.stringMatching(/^Webhook/)]);
    webhooks.resourcePropertiesCountIs('AWS::Lambda::Function', { ReservedConcurrentExecutions: 20, Timeout: 9 }, 1);
    webhooks.hasOutput('Address', { Value: { 'Fn::Join': ['', [Match.anyValue(), 'webhooks/']] } });
  });

  it('are taken by a function that may keep them and read what they are signed with, and nothing else', () => {
    expect(rightsOf(/^Webhook/)).toEqual([
      ['s3:PutObject', 'inbox/*'],
      [
        'secretsmanager:GetSecretValue',
        'earshot/hooks/sales-?????? earshot/hooks/sales-next-?????? earshot/hooks/support-??????',
      ],
      ['sqs:SendMessage', 'earshot-inbox-magpipe earshot-inbox-salesloft earshot-inbox-talkdesk'],
    ]);
  });

  it('are worked off by a function for each provider, with its own secrets only', () => {
    const own = /^talkdeskingest/;
    expect(rightsOf(own)).toEqual([
      ['dynamodb:BatchGetItem dynamodb:GetItem dynamodb:PutItem dynamodb:UpdateItem', 'table'],
      ['s3:DeleteObject s3:GetObject', 'inbox/*'],
      ['s3:DeleteObject', 'transcripts/*'],
      ['s3:GetObject', 'raw/* transcripts/*'],
      ['s3:PutObject', 'quarantine/* raw/* transcripts/*'],
      ['secretsmanager:GetSecretValue', 'earshot/support-??????'],
      [
        'sqs:ChangeMessageVisibility sqs:DeleteMessage sqs:GetQueueAttributes sqs:ReceiveMessage sqs:SendMessage',
        'earshot-inbox-talkdesk',
      ],
    ]);
    webhooks.resourcePropertiesCountIs(
      'AWS::Lambda::EventSourceMapping',
      { BatchSize: 5, FunctionResponseTypes: ['ReportBatchItemFailures'], ScalingConfig: { MaximumConcurrency: 2 } },
      3,
    );
    webhooks.hasResourceProperties('AWS::Lambda::Function', {
      Environment: {
        Variables: Match.objectLike({
          EARSHOT_PROVIDER: 'talkdesk',
          EARSHOT_SETTLE_MS: '10000',
          EARSHOT_TABLE: Match.anyValue(),
          EARSHOT_BUCKET: Match.anyValue(),
          EARSHOT_INBOX_QUEUE: { 'Fn::Join': ['', Match.arrayWith(['/earshot-inbox-talkdesk'])] },
        }),
      },
    });
  });

  it('wait in a queue with dead letters, large ones in the bucket for as long as both keep them', () => {
    for (const provider of ['magpipe', 'salesloft', 'talkdesk']) {
      const [dead] = Object.keys(
        webhooks.findResources('AWS::SQS::Queue', { Properties: { QueueName: `earshot-inbox-${provider}-dead` } }),
      );
      webhooks.hasResourceProperties('AWS::SQS::Queue', {
        QueueName: `earshot-inbox-${provider}`,
        VisibilityTimeout: 6 * 120,
        RedrivePolicy: { maxReceiveCount: 5, deadLetterTargetArn: { 'Fn::GetAtt': [dead, 'Arn'] } },
      });
    }
    storage.hasResourceProperties('AWS::S3::Bucket', {
      LifecycleConfiguration: {
        Rules: [
          Match.objectLike({ AbortIncompleteMultipartUpload: Match.anyValue() }),
          { Prefix: 'inbox/', ExpirationInDays: 28, Status: 'Enabled' },
          { Prefix: 'erasures/', ExpirationInDays: 7, Status: 'Enabled' },
        ],
      },
    });
  });

  it('that are not genuine are counted, and those that are no webhooks are not', () => {
    webhooks.hasResourceProperties('AWS::Logs::MetricFilter', {
      FilterPattern: '{ ($.refusal = "signature") || ($.refusal = "unsigned") || ($.refusal = "time") }',
      MetricTransformations: [{ MetricNamespace: 'earshot', MetricName: 'WebhooksRefused', MetricValue: '1' }],
    });
  });

  it('are answered by a function that has no inbox where no connection takes any', () => {
    const none = synthesize().webhooks;
    none.resourceCountIs('AWS::SQS::Queue', 0);
    none.resourceCountIs('AWS::Lambda::Function', 1);
    none.resourceCountIs('AWS::Lambda::Url', 1);
    none.resourceCountIs('AWS::IAM::ManagedPolicy', 0);
    none.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: Match.objectLike({ EARSHOT_INBOX_QUEUES: '{}' }) },
    });
  });
});
