import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { allowed, exampleFile, synthesize } from './synthesized.ts';

const templates = synthesize();

describe('events', () => {
  it('maps the table stream to publish and the index of participants and keeps what fails in full', () => {
    templates.events.resourceCountIs('AWS::Lambda::EventSourceMapping', 2);
    templates.events.allResourcesProperties('AWS::Lambda::EventSourceMapping', {
      BisectBatchOnFunctionError: true,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      MaximumRetryAttempts: 10,
      StartingPosition: 'TRIM_HORIZON',
      DestinationConfig: {
        OnFailure: { Destination: Match.objectLike({ 'Fn::ImportValue': Match.stringLikeRegexp('DeadLetters') }) },
      },
      FilterCriteria: {
        Filters: [{ Pattern: JSON.stringify({ dynamodb: { Keys: { sk: { S: ['conversation'] } } } }) }],
      },
    });
  });

  it('lets publish send copy jobs to the queues of its providers, which it finds in its environment', () => {
    const [sending, ...more] = allowed(templates.events).filter(({ Action }) => Action.includes('sqs:SendMessage'));
    expect(more).toEqual([]);
    expect(sending?.Action).toEqual(['sqs:SendMessage']);
    const names = sending?.Resource.map((resource) => /":(earshot-[^"]*)"/.exec(JSON.stringify(resource))?.[1]);
    expect(names).toEqual(['earshot-media-salesloft', 'earshot-media-talkdesk']);
    templates.events.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: { EARSHOT_BUS: Match.anyValue(), EARSHOT_MEDIA_QUEUES: Match.anyValue() } },
    });
    const silent = exampleFile.connections.map((connection) => ({ ...connection, media: false }));
    synthesize({ connections: silent }).events.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: Match.objectLike({ EARSHOT_MEDIA_QUEUES: '{}' }) },
    });
  });

  it('lets its functions write dead letters nowhere but in their bucket', () => {
    const puts = allowed(templates.events).filter(({ Action }) => Action.includes('s3:PutObject'));
    expect(puts).toHaveLength(2);
    for (const { Resource } of puts) expect(JSON.stringify(Resource)).toMatch(/DeadLetters/);
  });

  it('lets the index of participants write its own rows and nothing else', () => {
    const statements = Object.values(templates.events.findResources('AWS::IAM::Role'))
      .flatMap(({ Properties: properties }) => properties.Policies ?? [])
      .flatMap(({ PolicyDocument: document }) => document.Statement)
      .filter(({ Action }) => JSON.stringify(Action).includes('dynamodb:PutItem'));
    expect(statements).toEqual([
      expect.objectContaining({
        Action: 'dynamodb:PutItem',
        Condition: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['participant#*'] } },
      }),
    ]);
  });
});
