import { CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { type Connection, hasWebhook } from '#shared/domain/connections.ts';
import { alarmTopicName } from './constructs/alarm-topic.ts';
import { alarmAtLogged } from './constructs/alarms/logged-alarms.ts';
import { alarmAtDeadLetters, alarmAtWaiting, type QueueWatched } from './constructs/alarms/queue-alarms.ts';
import type { Watching } from './constructs/alarms/watch.ts';
import { addDashboard } from './constructs/dashboard.ts';
import { inboxQueues } from './constructs/inbox-queues.ts';
import { mediaQueues } from './constructs/media-queues.ts';
import { addMonthlyBudget } from './constructs/monthly-budget.ts';
import { operationsQueue } from './constructs/queue-address.ts';

export type AlarmsProps = {
  name: string;
  connections: readonly Connection[];
  /** dollars a month above which somebody is told; nobody is where it is 0 */
  monthlyBudget: number;
};

/**
 * What a person must see to, told to those who subscribe to the topic. Alarms find their metrics by name, so this stack
 * holds no other one back; those of functions and of the table stand beside these, whose names only CloudFormation
 * knows (constructs/alarms). To add one on what a log counts: constructs/alarms/logged-alarms.ts.
 */
export class AlarmsStack extends Stack {
  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    const topic = alarmTopic(this, props.name);
    const watching = { name: props.name, topic };
    const queues = alarmAtQueues(this, watching, props.connections);
    const media = queues.some(({ redrive }) => redrive === 'media');
    alarmAtLogged(this, watching, { media, webhooks: props.connections.some(hasWebhook) });
    addMonthlyBudget(this, watching, props.monthlyBudget);
    addDashboard(this, watching, queues);
  }
}

/** A delivery is worked off within seconds; one that waits for the budget is sent again, and is young again with that. */
const longestDeliveryWait = Duration.hours(1);

/** Two operations run at one time, a quarter of an hour at most before another has its turn. */
const longestOperationWait = Duration.hours(6);

/** An alarm for the dead letters of each queue, which says what did not happen, why, and what sends the work again. */
function alarmAtQueues(stack: Stack, watching: Watching, connections: readonly Connection[]): QueueWatched[] {
  const { name } = watching;
  const inboxes = inboxQueues(stack, name, connections).map(
    ({ provider, queueName }): QueueWatched => ({
      queueName,
      redrive: 'inbox',
      impact: `Webhook deliveries of ${provider} could not be worked off: what they told of may be missing until a poll lists it. The log of the ingest function says which conversation and why.`,
    }),
  );
  const media = mediaQueues(stack, name, connections).map(
    ({ provider, queueName }): QueueWatched => ({
      queueName,
      redrive: 'media',
      impact: `Copies of ${provider} media failed again and again: their files stay pending. The log of the media function says why.`,
    }),
  );
  const operations: QueueWatched = {
    queueName: operationsQueue(stack, name).queueName,
    redrive: 'operations',
    impact: 'Operations failed again and again: they stay where they were. The log of the operate function says why.',
  };
  const all = [...inboxes, ...media, operations];
  for (const queue of all) alarmAtDeadLetters(stack, watching, queue);
  for (const queue of inboxes) {
    const impact = 'Webhook deliveries wait longer than an hour: what they tell of comes with polls only.';
    alarmAtWaiting(stack, watching, { ...queue, impact, after: longestDeliveryWait });
  }
  const impact =
    'Operations wait longer than six hours: replays, backfills and erasures that were asked for do not begin.';
  alarmAtWaiting(stack, watching, { ...operations, impact, after: longestOperationWait });
  return all;
}

/**
 * Its policy takes the place of SNS's own, which would let all of the account in. It is not encrypted by a key of KMS:
 * CloudWatch cannot publish under the one of AWS, one of our own costs a dollar a month, and what is said there names
 * nobody.
 */
function alarmTopic(stack: Stack, name: string): Topic {
  const topic = new Topic(stack, 'Topic', {
    topicName: alarmTopicName(name),
    displayName: 'Earshot alarms',
    enforceSSL: true,
  });
  topic.addToResourcePolicy(
    new PolicyStatement({
      principals: ['cloudwatch', 'budgets'].map((service) => new ServicePrincipal(`${service}.amazonaws.com`)),
      actions: ['sns:Publish'],
      resources: [topic.topicArn],
      conditions: { StringEquals: { 'aws:SourceAccount': stack.account } },
    }),
  );
  new CfnOutput(stack, 'AlarmTopic', { value: topic.topicArn, description: 'Subscribe here to be told of alarms' });
  return topic;
}
