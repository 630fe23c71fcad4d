import { DynamoDBDocumentClient, GetCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { keepNewest, type OwnTable, oncePerId } from '#infra/examples/keep-newest.ts';
import { OtherAccountStack } from '#infra/examples/other-account-stack.ts';
import { SubscriberStack } from '#infra/examples/subscriber-stack.ts';
import { createTableFromDefinition } from '#infra/local/dynamodb/create-table.ts';
import { addPolicyChecks, newApp } from '#infra/stacks.ts';
import { EarshotSubscriber } from '#infra/subscriber/earshot-subscriber.ts';
import type { ConversationEvent } from '#shared/domain/events.ts';
import { eventTypes } from '#shared/facts/events.ts';
import { openEmbedded } from '#test/support/embedded-dynamodb.ts';
import { allowed } from './synthesized.ts';

const busArn = 'arn:aws:events:us-east-1:111122223333:event-bus/earshot';

describe('the example of a subscriber', () => {
  it('is a stack whose function reads the subscriber’s queue and says which events failed', () => {
    const template = Template.fromStack(new SubscriberStack(newApp({ 'aws:cdk:bundling-stacks': [] }), 'crm-calls'));
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    });
    template.hasResourceProperties('AWS::SQS::Queue', { VisibilityTimeout: 180 });
  });

  it('has a construct that the policy checks find nothing in', () => {
    const app = newApp();
    new EarshotSubscriber(new Stack(app, 'alone'), 'Calls', { name: 'crm' });
    addPolicyChecks(app);
    const before = process.exitCode;
    try {
      app.synth();
      expect(process.exitCode).toBe(before);
    } finally {
      process.exitCode = before;
    }
  });
});

describe('the example of another account', () => {
  const template = Template.fromStack(new OtherAccountStack(newApp(), 'other', { busArn }));
  const rules = Object.values(template.findResources('AWS::Events::Rule')).map((found) => found['Properties']);

  it('has a rule on the far bus, which only forwards to its own, and the subscriber there', () => {
    const [forward] = rules.filter(({ EventBusName }) => EventBusName === busArn);
    const ownBus = { 'Fn::GetAtt': [Object.keys(template.findResources('AWS::Events::EventBus'))[0], 'Arn'] };
    expect(forward.Targets).toMatchObject([{ Arn: ownBus, DeadLetterConfig: expect.anything() }]);
    expect(forward.EventPattern).toEqual({ source: ['earshot'] });
    expect(rules).toHaveLength(2);
  });

  it('lets the far bus put events on its own bus and no more', () => {
    expect(allowed(template)).toMatchObject([{ Action: ['events:PutEvents'] }]);
  });
});

describe('what the example does with an event', () => {
  const table = 'own';
  let own: OwnTable;
  beforeAll(async () => {
    const client = (await openEmbedded()).client();
    await createTableFromDefinition(client, { name: table, keys: { partition: 'pk' }, indexes: [], ttl: 'ttl' });
    own = { documents: DynamoDBDocumentClient.from(client), table };
  });

  type OfNoArtifact = Exclude<
    ConversationEvent['type'],
    typeof eventTypes.mediaStored | typeof eventTypes.artifactOverdue
  >;
  const eventOf = (id: string, type: OfNoArtifact, version: number): ConversationEvent => ({
    specversion: '1.0',
    id: `${id}/${version}/${type}`,
    source: 'earshot',
    type,
    subject: id,
    time: '2026-11-01T00:00:00.000Z',
    datacontenttype: 'application/json',
    data: {
      conversationId: id,
      uuid: '00000000-0000-4000-8000-000000000000',
      connection: 'us',
      provider: 'magpipe',
      channel: 'voice',
      direction: 'inbound',
      startedAt: null,
      version,
      changed: [],
      artifacts: { transcript: version > 2 ? 'ready' : 'pending' },
      href: `/v1/conversations/${id}`,
    },
  });
  const history = (id: string): ConversationEvent[] => [
    eventOf(id, eventTypes.discovered, 1),
    eventOf(id, eventTypes.updated, 2),
    eventOf(id, eventTypes.updated, 3),
    eventOf(id, eventTypes.transcriptReady, 3),
  ];
  const copyOf = async (id: string) =>
    (await own.documents.send(new GetCommand({ TableName: table, Key: { pk: `conversation#${id}` } }))).Item;
  const take = (event: ConversationEvent) => oncePerId(own, event.id, () => keepNewest(own, event), 0);

  it('ends alike in any order, however often each comes', async () => {
    let run = 0;
    const order = fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(order, fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4 }), async (before, rest) => {
        const id = `us:${++run}`;
        const events = history(id);
        for (const at of [...before, ...rest]) {
          const event = events[at];
          if (event) await take(event);
        }
        expect(await copyOf(id)).toMatchObject({ version: 3, artifacts: { transcript: 'ready' } });
      }),
      { numRuns: 20 },
    );
  });

  it('does the work of one id once, and again where it failed', async () => {
    const event = eventOf('us:once', eventTypes.discovered, 1);
    const failing = oncePerId(own, event.id, () => Promise.reject(new Error('planted')), 0);
    await expect(failing).rejects.toThrow('planted');
    expect([await take(event), await take(event)]).toEqual(['done', 'repeat']);
    const { Items = [] } = await own.documents.send(new ScanCommand({ TableName: table }));
    expect(Items.find(({ pk }) => pk === `event#${event.id}`)).toMatchObject({ ttl: 30 * 86_400 });
  });

  it('forgets what was erased, and nothing older brings it back', async () => {
    for (const event of history('us:gone')) await take(event);
    await take(eventOf('us:gone', eventTypes.erased, 3));
    const erased = { pk: 'conversation#us:gone', version: 3, erased: true };
    expect(await copyOf('us:gone')).toEqual(erased);
    expect(await keepNewest(own, eventOf('us:gone', eventTypes.updated, 2))).toBe('older');
    expect(await copyOf('us:gone')).toEqual(erased);
  });
});
