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
    });
  });

  it('hands conversations to both, and what else there is to be told to publish alone', () => {
    const conversations = { dynamodb: { Keys: { sk: { S: ['conversation'] } } } };
    const insertedUnder = (prefix: string) => ({
      eventName: ['INSERT'],
      dynamodb: { Keys: { pk: { S: [{ prefix }] } } },
    });
    const moved = { dynamodb: { Keys: { pk: { S: ['streams'] } }, NewImage: { change: { N: [{ exists: true }] } } } };
    const followers = Object.values(templates.events.findResources('AWS::Lambda::EventSourceMapping'));
    const filters = followers.map(({ Properties }) =>
      Properties.FilterCriteria.Filters.map(({ Pattern }: { Pattern: string }) => JSON.parse(Pattern)),
    );
    const read = {
      dynamodb: { Keys: { pk: { S: [{ prefix: 'ledger#' }] } }, NewImage: { reading: { N: [{ exists: true }] } } },
    };
    const further = [moved, read, insertedUnder('drift#'), insertedUnder('operations#')];
    expect(filters.toSorted((a, b) => b.length - a.length)).toEqual([[conversations, ...further], [conversations]]);
  });

  it('lets publish send jobs to the queues of its providers and of operations, which it finds in its environment', () => {
    const [sending, ...more] = allowed(templates.events).filter(({ Action }) => Action.includes('sqs:SendMessage'));
    expect(more).toEqual([]);
    expect(sending?.Action).toEqual(['sqs:SendMessage']);
    const names = sending?.Resource.map((resource) => /":(earshot-[^"]*)"/.exec(JSON.stringify(resource))?.[1]);
    expect(names).toEqual(['earshot-media-salesloft', 'earshot-media-talkdesk', 'earshot-operations']);
    templates.events.hasResourceProperties('AWS::Lambda::Function', {
      Environment: {
        Variables: {
          EARSHOT_BUCKET: Match.anyValue(),
          EARSHOT_BUS: Match.anyValue(),
          EARSHOT_MEDIA_QUEUES: Match.anyValue(),
          EARSHOT_OPERATIONS_QUEUE: Match.anyValue(),
        },
      },
    });
    const silent = exampleFile.connections.map((connection) => ({ ...connection, media: false }));
    synthesize({ connections: silent }).events.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: Match.objectLike({ EARSHOT_MEDIA_QUEUES: '{}' }) },
    });
  });

  it('lets its functions write the event log and dead letters, and no other objects', () => {
    const puts = allowed(templates.events).filter(({ Action }) => Action.includes('s3:PutObject'));
    const places = puts.flatMap(({ Resource }) => Resource).map((resource) => JSON.stringify(resource));
    expect(places.map((place) => /"\/events\/\*"|DeadLetters.*"\/\*"/.exec(place) !== null)).toEqual([
      true,
      true,
      true,
    ]);
  });

  it('lets the index of participants write its own rows and nothing else', () => {
    const statements = Object.values(templates.events.findResources('AWS::IAM::Role'))
      .flatMap(({ Properties: properties }) => properties.Policies ?? [])
      .flatMap(({ PolicyDocument: document }) => document.Statement)
      .filter(({ Action }) => JSON.stringify(Action).includes('dynamodb:PutItem'));
    expect(statements).toEqual([
      expect.objectContaining({
        Action: ['dynamodb:DeleteItem', 'dynamodb:PutItem'],
        Condition: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['participant#*'] } },
      }),
    ]);
  });

  it('admits the accounts it is told, and nobody else, to rules of their own', () => {
    templates.events.resourceCountIs('AWS::Events::EventBusPolicy', 0);
    const accounts = ['111122223333', '444455556666'];
    const { events } = synthesize(exampleFile, { subscriberAccounts: accounts });
    const [policy, ...more] = Object.values(events.findResources('AWS::Events::EventBusPolicy'));
    expect(more).toEqual([]);
    const {
      Principal: principal,
      Resource: resource,
      Action: actions,
      ...rest
    } = policy?.['Properties'].Statement ?? {};
    expect(JSON.stringify(principal).match(/\d{12}/g)).toEqual(accounts);
    expect(JSON.stringify(resource)).toMatch(/:rule\/.*\/\*/);
    expect(rest).toEqual({
      Effect: 'Allow',
      Sid: 'OwnRules',
      Condition: { StringEqualsIfExists: { 'events:creatorAccount': '$' + '{aws:PrincipalAccount}' } },
    });
    for (const action of actions) expect(action).toMatch(/^events:[A-Za-z]*(Rule|Targets|TargetsByRule|Resource)$/);
    expect(actions).not.toContain('events:PutEvents');
    events.hasOutput('BusArn', {});
  });
});
