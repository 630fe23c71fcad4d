import { CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import { MathExpression, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { type Connection, hasWebhook } from '#shared/domain/connections.ts';
import { alarmAtFirst, waitingIn } from './constructs/alarm-at-first.ts';
import { alarmTopicName } from './constructs/alarm-topic.ts';
import { scheduleGroupOf } from './constructs/connection-schedules.ts';
import { inboxQueues } from './constructs/inbox-queues.ts';
import { mediaQueues } from './constructs/media-queues.ts';
import { overdueOf } from './constructs/overdue-metric.ts';
import { operationsQueue } from './constructs/queue-address.ts';
import { refusedOf } from './constructs/refused-metric.ts';
import { deadLettersOf } from './constructs/work-queue.ts';

export type AlarmsProps = { name: string; connections: readonly Connection[] };

/**
 * What a person must see to, told to those who subscribe to the topic. Alarms find their metrics by name, so this stack
 * holds no other one back; those of the stream's readers stand beside them (constructs/lost-batches.ts).
 */
export class AlarmsStack extends Stack {
  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    const topic = alarmTopic(this, props.name);
    alarmAtOverdue(this, topic, props);
    alarmAtDeadLetters(this, topic, props);
    alarmAtMissedPolls(this, topic, props);
    if (props.connections.some(hasWebhook)) alarmAtRefusals(this, topic, props);
  }
}

function alarmAtOverdue(stack: Stack, topic: Topic, { name, connections }: AlarmsProps): void {
  for (const { id: connection } of connections.filter(({ paused }) => !paused)) {
    alarmAtFirst(stack, `${connection}-overdue`, {
      alarmName: `${name}-${connection}-overdue`,
      alarmDescription: `Artifacts of the connection ${connection} did not come by the last offset of its recheck. Each is asked for once a day for a week, then given up.`,
      metric: overdueOf(name, connection),
      topic,
    });
  }
}

/** An alarm for each queue of ours: its message says what did not happen, why, and which redrive sends the work again. */
function alarmAtDeadLetters(stack: Stack, topic: Topic, { name, connections }: AlarmsProps): void {
  const queues = [
    ...inboxQueues(stack, name, connections).map(({ provider, queueName }) => ({
      id: `${provider}-inbox-dead`,
      queueName,
      redrive: 'inbox',
      what: `Webhook deliveries of ${provider} could not be worked off: what they told of may be missing until a poll lists it. The log of the ingest function says which conversation and why.`,
    })),
    ...mediaQueues(stack, name, connections).map(({ provider, queueName }) => ({
      id: `${provider}-media-dead`,
      queueName,
      redrive: 'media',
      what: `Copies of ${provider} media failed again and again: their files stay pending. The log of the media function says why.`,
    })),
    {
      id: 'operations-dead',
      queueName: operationsQueue(stack, name).queueName,
      redrive: 'operations',
      what: 'Operations failed again and again: they stay where they were. The log of the operate function says why.',
    },
  ];
  for (const { id, queueName, redrive, what } of queues) {
    const deadLetters = deadLettersOf(queueName);
    alarmAtFirst(stack, id, {
      alarmName: deadLetters,
      alarmDescription: `${what} The queue ${deadLetters} keeps the jobs for 14 days. When that is mended: POST /v1/redrives {"kind":"${redrive}"}.`,
      metric: waitingIn(deadLetters),
      topic,
    });
  }
}

/** Polls have no dead letters, for the next tick does what a missed one would have: there is only somebody to be told. */
function alarmAtMissedPolls(stack: Stack, topic: Topic, { name, connections }: AlarmsProps): void {
  const polled = new Set(connections.filter(({ paused }) => !paused).map(({ provider }) => provider));
  for (const provider of polled) {
    alarmAtFirst(stack, `${provider}-polls-missed`, {
      alarmName: `${name}-${provider}-polls-missed`,
      alarmDescription: `EventBridge Scheduler could not start polls of ${provider}. Nothing is lost: the next one reads on from the same place. If it goes on, look at the poll function's throttles and at the role of its schedules.`,
      metric: new Metric({
        namespace: 'AWS/Scheduler',
        metricName: 'InvocationDroppedCount',
        dimensionsMap: { ScheduleGroup: scheduleGroupOf(name, provider) },
        statistic: Stats.SUM,
        period: Duration.minutes(5),
      }),
      topic,
    });
  }
}

/** Refusals in five minutes of which none was genuine: a few are a stranger at the door, so many one who should be let in. */
const manyRefusals = 10;

function alarmAtRefusals(stack: Stack, topic: Topic, { name }: AlarmsProps): void {
  alarmAtFirst(stack, 'webhooks-refused', {
    alarmName: `${name}-webhooks-refused`,
    alarmDescription: `${manyRefusals} webhooks and more were refused within five minutes because their signature is missing, wrong or not of this time. The log of the webhook function says of which connection. If its provider has a new secret, put it into the list of the connection's secrets; polls bring what was refused meanwhile.`,
    metric: new MathExpression({
      expression: 'FILL(signature, 0) + FILL(unsigned, 0) + FILL(late, 0)',
      usingMetrics: {
        signature: refusedOf(name, 'signature'),
        unsigned: refusedOf(name, 'unsigned'),
        late: refusedOf(name, 'time'),
      },
      period: Duration.minutes(5),
    }),
    threshold: manyRefusals,
    topic,
  });
  alarmAtFirst(stack, 'webhooks-unavailable', {
    alarmName: `${name}-webhooks-unavailable`,
    alarmDescription:
      'Webhooks could not be verified or kept: the sender was told to come again. The log of the webhook function says why. Nothing that was accepted is lost, and polls bring what no sender repeats.',
    metric: refusedOf(name, 'unavailable'),
    topic,
  });
}

/** Its policy takes the place of SNS's own, which would let the account's alarms in. */
function alarmTopic(stack: Stack, name: string): Topic {
  const topic = new Topic(stack, 'Topic', {
    topicName: alarmTopicName(name),
    displayName: 'Earshot alarms',
    enforceSSL: true,
  });
  topic.addToResourcePolicy(
    new PolicyStatement({
      principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
      actions: ['sns:Publish'],
      resources: [topic.topicArn],
      conditions: { StringEquals: { 'aws:SourceAccount': stack.account } },
    }),
  );
  new CfnOutput(stack, 'AlarmTopic', { value: topic.topicArn, description: 'Subscribe here to be told of alarms' });
  return topic;
}
