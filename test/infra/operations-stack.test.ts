import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { allowed, synthesize } from './synthesized.ts';

const { operations, events } = synthesize();

describe('operations', () => {
  it('come one at a time from a queue with dead letters, for as long as Lambda lets a function run', () => {
    operations.hasResourceProperties('AWS::SQS::Queue', {
      QueueName: 'earshot-operations',
      VisibilityTimeout: 6 * 900,
      RedrivePolicy: Match.objectLike({ maxReceiveCount: 5 }),
    });
    operations.hasResourceProperties('AWS::SQS::Queue', { QueueName: 'earshot-operations-dead' });
    operations.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      BatchSize: 1,
      ScalingConfig: { MaximumConcurrency: 2 },
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    });
    operations.hasResourceProperties('AWS::Lambda::Function', { Timeout: 900 });
  });

  it('know every queue with dead letters, and the readers of the stream', () => {
    const [found] = Object.values(operations.findResources('AWS::Lambda::Function'));
    const variables = found?.['Properties'].Environment.Variables;
    expect(JSON.stringify(variables.EARSHOT_MEDIA_QUEUES)).toContain('earshot-media-');
    for (const name of ['PUBLISH_FUNCTION', 'PARTICIPANTS_FUNCTION']) {
      expect(JSON.stringify(variables[`EARSHOT_${name}`])).toMatch(/earshot-events:.*(Publish|IndexParticipants)/);
    }
    expect(Object.keys(events.toJSON()['Outputs'])).toEqual(
      expect.arrayContaining([expect.stringMatching(/Publish/), expect.stringMatching(/IndexParticipants/)]),
    );
  });

  it('may take dead letters and send to the queues that gave them up, and read no other queue but their own', () => {
    const rights = allowed(operations);
    const taking = rights.filter(({ Action }) => Action.includes('sqs:ReceiveMessage'));
    const sources = JSON.stringify(rights.filter(({ Action }) => Action.includes('sqs:SendMessage')));
    const queues = taking.flatMap(({ Resource }) => Resource).map((queue) => JSON.stringify(queue));
    for (const queue of queues) expect(queue).toMatch(/earshot-operations"|-dead"/);
    expect(queues.length).toBeGreaterThan(2);
    expect(sources).toContain('earshot-media-');
    expect(sources).not.toContain('-dead"');
  });

  it('may write what an erasure writes, and list what it and a replay look through', () => {
    const onTable = allowed(operations).filter(({ Action }) => Action.some((name) => name.startsWith('dynamodb:')));
    const under = (prefix: string) => ({ 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [`${prefix}*`] } });
    expect(onTable.map(({ Action, Condition }) => [Action, Condition])).toEqual([
      [['dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'], undefined],
      [['dynamodb:DeleteItem'], under('participant#')],
      [['dynamodb:DeleteItem', 'dynamodb:Query'], under('media#')],
      [['dynamodb:DeleteItem', 'dynamodb:Query'], under('quarantine#')],
      [['dynamodb:Query'], undefined],
    ]);
    const listing = allowed(operations).filter(({ Action }) => Action.includes('s3:ListBucket'));
    expect(listing.map(({ Condition }) => Condition)).toEqual([
      { StringLike: { 's3:prefix': ['transcripts/*'] } },
      { StringLike: { 's3:prefix': ['media/*'] } },
      { StringLike: { 's3:prefix': ['quarantine/*'] } },
      { StringLike: { 's3:prefix': ['raw/*'] } },
      { StringLike: { 's3:prefix': ['events/*'] } },
      { StringLike: { 's3:prefix': ['aws/lambda/*'] } },
    ]);
  });
});
