import { App, Duration, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { describe, expect, it } from 'vitest';
import { compilePattern } from '#infra/local/events/event-pattern.ts';
import { EarshotSubscriber, type EarshotSubscriberProps } from '#infra/subscriber/earshot-subscriber.ts';
import { eventTypes } from '#shared/facts/events.ts';

type Made = { stack: Stack; subscriber: EarshotSubscriber; template: () => Template };

function make(props: Partial<EarshotSubscriberProps> | ((stack: Stack) => Partial<EarshotSubscriberProps>) = {}): Made {
  const stack = new Stack(new App(), 'crm');
  const more = typeof props === 'function' ? props(stack) : props;
  const subscriber = new EarshotSubscriber(stack, 'Calls', { name: 'crm', ...more });
  return { stack, subscriber, template: () => Template.fromStack(stack) };
}

const ruleOf = (template: Template) => Object.values(template.findResources('AWS::Events::Rule'))[0]?.['Properties'];

/** Whether the rule of a subscriber lets an event of the bus through, as EventBridge would say. */
function passes(props: Partial<EarshotSubscriberProps>, event: Record<string, unknown>): boolean {
  const type = typeof event['type'] === 'string' ? event['type'] : eventTypes.updated;
  const pattern: unknown = ruleOf(make(props).template()).EventPattern;
  const envelope = { source: 'earshot', 'detail-type': type, detail: { type, data: {}, ...event } };
  return compilePattern(JSON.stringify(pattern))(envelope);
}

describe('the rule of a subscriber', () => {
  it.each([
    ['live', {}, true],
    ['replayed to all', { replay: 'op' }, true],
    ['replayed to it', { replay: 'op', replayto: 'crm' }, true],
    ['replayed to another', { replay: 'op', replayto: 'bi' }, false],
    ['replayed to one whose name begins like it', { replay: 'op', replayto: 'crm-2' }, false],
  ])('takes what is %s: %j → %s', (_, attributes, expected) => {
    expect(passes({}, attributes)).toBe(expected);
    expect(passes({ types: ['conversation.updated'] }, attributes)).toBe(expected);
  });

  it('takes the types it names, whole or short, and no other source', () => {
    const types = ['transcript.ready', eventTypes.erased] as const;
    expect(passes({ types }, { type: eventTypes.transcriptReady })).toBe(true);
    expect(passes({ types }, { type: eventTypes.erased })).toBe(true);
    expect(passes({ types }, { type: eventTypes.updated })).toBe(false);
    const everything = compilePattern(JSON.stringify(ruleOf(make().template()).EventPattern));
    for (const type of Object.values(eventTypes)) {
      expect(everything({ source: 'earshot', 'detail-type': type, detail: { data: {} } })).toBe(true);
    }
    expect(everything({ source: 'shop', 'detail-type': eventTypes.updated, detail: { data: {} } })).toBe(false);
  });

  it('takes the connections it names and what else must hold of the data', () => {
    const wanted = { connections: ['us', 'eu'], pattern: { channel: ['voice'], version: [{ numeric: ['>', 1] }] } };
    const data = { connection: 'eu', channel: 'voice', version: 2 };
    expect(passes(wanted, { data })).toBe(true);
    for (const other of [{ connection: 'asia' }, { channel: 'chat' }, { version: 1 }]) {
      expect(passes(wanted, { data: { ...data, ...other } })).toBe(false);
    }
  });

  it('listens to the bus named earshot, or to the one it is given', () => {
    expect(ruleOf(make().template()).EventBusName).toBe('earshot');
    const own = make((stack) => ({ bus: new EventBus(stack, 'Bus') })).template();
    expect(ruleOf(own).EventBusName).toEqual({ Ref: Object.keys(own.findResources('AWS::Events::EventBus'))[0] });
  });

  it.each([
    ['name', { name: 'CRM' }],
    ['name', { name: '' }],
    ['name', { name: 'a'.repeat(41) }],
    ['types', { types: [] }],
    ['types', { types: ['transcript.gone' as 'transcript.ready'] }],
    ['connections', { connections: [] }],
    ['pattern', { connections: ['a'], pattern: { connection: ['b'] } }],
  ])('is refused with an odd %s', (place, props) => {
    expect(() => make(props)).toThrow(new RegExp(`^${place}[.:]`));
  });
});

describe('where the events go', () => {
  it('is a queue of its own: encrypted, over TLS, with dead letters, longer hidden than its reader works', () => {
    const { subscriber, stack, template } = make({ consumerTimeout: Duration.minutes(2) });
    expect(stack.resolve(subscriber.queue.queueArn)).toEqual(ruleOf(template()).Targets[0].Arn);
    const queues = Object.values(template().findResources('AWS::SQS::Queue')).map((found) => found['Properties']);
    expect(queues).toHaveLength(3);
    for (const queue of queues) {
      expect(queue).toMatchObject({ SqsManagedSseEnabled: true, MessageRetentionPeriod: 14 * 86_400 });
    }
    expect(queues.filter(({ RedrivePolicy: policy }) => policy)).toMatchObject([
      { VisibilityTimeout: 720, RedrivePolicy: { maxReceiveCount: 5 } },
    ]);
    expect(Object.values(template().findResources('AWS::SQS::QueuePolicy'))).toHaveLength(3);
    template().allResourcesProperties('AWS::SQS::QueuePolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
        ]),
      },
    });
  });

  it('is tried for a day, then EventBridge puts the event where only this rule may', () => {
    const { subscriber, stack, template } = make();
    const [target, ...more] = ruleOf(template()).Targets;
    expect(more).toEqual([]);
    const undelivered: unknown = stack.resolve(subscriber.undelivered.queueArn);
    expect(target).toMatchObject({
      DeadLetterConfig: { Arn: undelivered },
      RetryPolicy: { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 },
    });
    template().hasResourceProperties('AWS::SQS::QueuePolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          {
            Effect: 'Allow',
            Principal: { Service: 'events.amazonaws.com' },
            Action: 'sqs:SendMessage',
            Resource: undelivered,
            Condition: { ArnEquals: { 'aws:SourceArn': stack.resolve(subscriber.rule.ruleArn) } },
          },
        ]),
      },
    });
  });

  it('is a target of the props, whose dead letters are the construct’s', () => {
    const { subscriber, template } = make((stack) => ({ target: new SqsQueue(new Queue(stack, 'Mine')) }));
    expect(ruleOf(template()).Targets[0]).toHaveProperty('DeadLetterConfig');
    template().resourceCountIs('AWS::SQS::Queue', 2);
    expect(() => subscriber.queue).toThrow(/^the events go to the target/);
    const twice = (stack: Stack) => ({
      target: new SqsQueue(new Queue(stack, 'Mine'), { deadLetterQueue: new Queue(stack, 'Dead') }),
    });
    expect(() => make(twice)).toThrow(/^target: expected one without a dead-letter queue/);
  });

  it('has an alarm on each of its dead letters, which reaches the topic that is given', () => {
    const alarms = (template: Template) =>
      Object.values(template.findResources('AWS::CloudWatch::Alarm')).map((found) => found['Properties']);
    const { stack, subscriber, template } = make((scope) => ({ alarmTopic: new Topic(scope, 'Topic') }));
    const told = alarms(template());
    const dead = ruleOf(template()).Targets[0].DeadLetterConfig.Arn['Fn::GetAtt'][0];
    const { deadLetterQueue } = subscriber.queue;
    expect(told.map(({ Dimensions }) => Dimensions[0].Value['Fn::GetAtt'][0]).toSorted()).toEqual(
      [dead, stack.resolve(deadLetterQueue?.queue.queueName)['Fn::GetAtt'][0]].toSorted(),
    );
    for (const { AlarmActions, AlarmDescription } of told) {
      expect(AlarmActions).toHaveLength(1);
      expect(AlarmDescription).toContain('crm');
    }
    expect(alarms(make().template()).flatMap(({ AlarmActions }) => AlarmActions ?? [])).toEqual([]);
  });
});
