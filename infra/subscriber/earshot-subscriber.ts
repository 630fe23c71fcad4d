import { Duration, Validations } from 'aws-cdk-lib';
import { EventBus, type IEventBus, type IRuleTarget, Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Queue, QueueEncryption, type QueueProps } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { alarmAtFirst, waitingIn } from '../constructs/alarm-at-first.ts';
import { subscriberPattern, type Wanted } from './subscriber-pattern.ts';

export type EarshotSubscriberProps = Wanted & {
  /** where the events are; the bus named `earshot` of the stack's account and region where absent */
  bus?: IEventBus;
  /** what gets the events, without dead letters of its own; an encrypted queue of the construct's own where absent */
  target?: IRuleTarget;
  /** longest time that whoever reads the construct's own queue takes for a batch; one minute where absent */
  consumerTimeout?: Duration;
  /** who is told when events are among the dead letters; nobody where absent, and the alarms are only to be seen */
  alarmTopic?: ITopic;
};

/** How long and how often EventBridge tries to hand an event over: the most that it takes, of both. */
const retryPolicy = { maximumEventAgeInSeconds: 86_400, maximumRetryAttempts: 185 };

/** What AWS recommends between the time of a function and that of the queue it reads. */
const timeoutFactor = 6;
const maxReceiveCount = 5;

const kept: QueueProps = {
  encryption: QueueEncryption.SQS_MANAGED,
  enforceSSL: true,
  retentionPeriod: Duration.days(14),
};

/**
 * One subscriber of Earshot's events, for any stack of any app in the account: a rule on the bus, where its events go, and
 * a place with an alarm for each way in which one can fail. What a target gets is EventBridge's envelope; the CloudEvent
 * is its `detail`. It comes at least once and in any order: docs/subscribing.md says what to do about both.
 */
export class EarshotSubscriber extends Construct {
  readonly rule: Rule;
  /** events that EventBridge could not hand to the target, with the reason in the attributes of each message */
  readonly undelivered: Queue;
  readonly #queue: Queue | undefined;

  constructor(scope: Construct, id: string, props: EarshotSubscriberProps) {
    super(scope, id);
    const { name, bus, target, alarmTopic: topic } = props;
    this.undelivered = new Queue(this, 'Undelivered', kept);
    Validations.of(this.undelivered).acknowledge({
      id: 'AwsSolutions::AwsSolutions-SQS3',
      reason: 'It is the dead-letter queue of the rule, which the check looks for in queues and functions only.',
    });
    alarmAtFirst(this, 'UndeliveredAlarm', {
      alarmDescription: `EventBridge could not hand events to the subscriber ${name} for a day. They wait in the queue of this alarm, which says why. See to the target, then replay: POST /v1/replays with "subscriber": "${name}".`,
      metric: waitingIn(this.undelivered.queueName),
      topic,
    });
    this.#queue = target ? undefined : ownQueue(this, props);
    this.rule = new Rule(this, 'Rule', {
      description: `Events of Earshot for the subscriber ${name}`,
      eventBus: bus ?? EventBus.fromEventBusName(this, 'Bus', 'earshot'),
      eventPattern: subscriberPattern(props),
      targets: [withDeadLetters(target ?? new SqsQueue(this.queue), this.undelivered)],
    });
    this.undelivered.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('events.amazonaws.com')],
        actions: ['sqs:SendMessage'],
        resources: [this.undelivered.queueArn],
        conditions: { ArnEquals: { 'aws:SourceArn': this.rule.ruleArn } },
      }),
    );
  }

  /** The construct's own queue. Throws where the events go to a target of the props. */
  get queue(): Queue {
    if (!this.#queue) throw new TypeError('the events go to the target: expected a subscriber without one');
    return this.#queue;
  }
}

/** The queue for a subscriber that names no target; what its reader has failed five times goes to its dead letters. */
function ownQueue(
  scope: Construct,
  { name, consumerTimeout = Duration.minutes(1), alarmTopic: topic }: EarshotSubscriberProps,
): Queue {
  const deadLetters = new Queue(scope, 'DeadLetters', kept);
  alarmAtFirst(scope, 'DeadLettersAlarm', {
    alarmDescription: `The subscriber ${name} failed ${maxReceiveCount} times with events. They wait in the queue of this alarm. See to the reader, then redrive the queue to its source.`,
    metric: waitingIn(deadLetters.queueName),
    topic,
  });
  return new Queue(scope, 'Queue', {
    ...kept,
    visibilityTimeout: Duration.seconds(timeoutFactor * consumerTimeout.toSeconds()),
    deadLetterQueue: { queue: deadLetters, maxReceiveCount },
  });
}

/** Throws TypeError for a target whose dead letters would stand beside ours, where no alarm watches. */
const withDeadLetters = (target: IRuleTarget, undelivered: Queue): IRuleTarget => ({
  bind(rule, id) {
    const bound = target.bind(rule, id);
    if (bound.deadLetterConfig) throw new TypeError('target: expected one without a dead-letter queue of its own');
    return { ...bound, deadLetterConfig: { arn: undelivered.queueArn }, retryPolicy };
  },
});
