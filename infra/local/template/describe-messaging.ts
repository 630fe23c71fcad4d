import { nameOfArn } from './arns.ts';
import type { Description } from './description.ts';
import type { Found } from './found.ts';
import { queueProperties, ruleProperties, scheduleProperties } from './properties.ts';

export function describeQueue({ name, properties }: Found, into: Description): void {
  const { QueueName: _, RedrivePolicy, ...rest } = queueProperties.parse(properties);
  const numbers = [
    'VisibilityTimeout',
    'DelaySeconds',
    'MessageRetentionPeriod',
    'ReceiveMessageWaitTimeSeconds',
  ] as const;
  const attributes = Object.fromEntries(
    numbers.flatMap((key) => (rest[key] === undefined ? [] : [[key, String(rest[key])]])),
  );
  if (RedrivePolicy) attributes['RedrivePolicy'] = JSON.stringify(RedrivePolicy);
  into.queues.push({ name, attributes });
}

export function describeRule({ name, properties }: Found, into: Description): void {
  const rule = ruleProperties.parse(properties);
  into.rules.push({
    name,
    bus: rule.EventBusName === undefined ? 'default' : nameOfArn(rule.EventBusName),
    pattern: JSON.stringify(rule.EventPattern),
    enabled: rule.State === 'ENABLED',
    targets: rule.Targets.map(({ RoleArn: _, ...target }) => target),
  });
}

export function describeSchedule({ name, properties }: Found, into: Description): void {
  const schedule = scheduleProperties.parse(properties);
  const { Arn: target, Input: input, RoleArn: role } = schedule.Target;
  into.schedules.push({
    name,
    expression: schedule.ScheduleExpression,
    enabled: schedule.State === 'ENABLED',
    target,
    input,
    role,
  });
}
