import { Stack } from 'aws-cdk-lib';
import { type ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';

/** The topic of a deployment's alarms, in the stack of alarms. */
export const alarmTopicName = (name: string): string => `${name}-alarms`;

/** The same as other stacks know it, by its name: what they import could not be removed. */
export const alarmTopicOf = (scope: Construct, name: string): ITopic =>
  Topic.fromTopicArn(
    scope,
    'AlarmTopic',
    Stack.of(scope).formatArn({ service: 'sns', resource: alarmTopicName(name) }),
  );
