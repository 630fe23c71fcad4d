import { Stack } from 'aws-cdk-lib';
import type { Alarm, IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { alarmAtFirst } from '../alarm-at-first.ts';
import { alarmTopicOf } from '../alarm-topic.ts';

/** For which deployment is watched, and who is told. */
export type Watching = { name: string; topic: ITopic };

/** One way to fail. */
export type Watched = {
  /** name of the alarm behind the deployment's */
  alarm: string;
  /** the section of docs/runbook.md that says what to do */
  section: string;
  /** what it means for those who use Earshot, in a sentence, and where to look */
  impact: string;
  metric: IMetric;
  /** 1 where absent */
  threshold?: number;
  /** so many periods in a row; 1 where absent */
  periods?: number;
  /** goes off below the threshold, and where there is nothing to count at all */
  whenBelow?: boolean;
};

/** Where the section lies, as alarms name it and docs/runbook.md has it. */
export const runbookAt = (section: string): string => `docs/runbook.md#${section}`;

/** An alarm that says what is wrong and where its section of the runbook is. */
export function watch(scope: Construct, { name, topic }: Watching, watched: Watched): Alarm {
  const { alarm, section, impact, ...about } = watched;
  return alarmAtFirst(scope, alarm, {
    ...about,
    alarmName: `${name}-${alarm}`,
    alarmDescription: `${impact} Runbook: ${runbookAt(section)}`,
    topic,
  });
}

/**
 * For alarms that stand beside what they watch, because they find its metric by a name that only CloudFormation knows. The topic
 * is found by its name, so that the stack of alarms holds no other one back.
 */
export function watchingFrom(scope: Construct, name: string): Watching {
  const stack = Stack.of(scope);
  const known = watchings.get(stack) ?? { name, topic: alarmTopicOf(stack, name) };
  watchings.set(stack, known);
  return known;
}

const watchings = new WeakMap<Stack, Watching>();
