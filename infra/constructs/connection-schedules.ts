import { Stack } from 'aws-cdk-lib';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnSchedule, CfnScheduleGroup } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import type { Connection } from '#shared/domain/connections.ts';
import type { ProviderName } from '#shared/domain/conversation.ts';
import { rateOf } from './rate.ts';

export type ConnectionSchedulesProps = {
  name: string;
  /** names the group of the schedules */
  provider: ProviderName;
  target: IFunction;
  connections: readonly Connection[];
};

/** The group of a provider's schedules: what Scheduler counts, it counts by group. */
export const scheduleGroupOf = (name: string, provider: ProviderName): string => `${name}-${provider}`;

/** One schedule a connection, whose input names it; a paused connection has none. */
export class ConnectionSchedules extends Construct {
  constructor(scope: Construct, id: string, { name, provider, target, connections }: ConnectionSchedulesProps) {
    super(scope, id);
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
      inlinePolicies: {
        invoke: new PolicyDocument({
          statements: [new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [target.functionArn] })],
        }),
      },
    });
    const group = new CfnScheduleGroup(this, 'Group', { name: scheduleGroupOf(name, provider) });
    // The next tick is the retry, and reads on from the same checkpoint: neither Lambda nor Scheduler runs a failed poll
    // again, and a dead letter of one would hold nothing to be done. An alarm tells of ticks that started none.
    target.configureAsyncInvoke({ retryAttempts: 0 });
    for (const { id: connection, every } of connections.filter(({ paused }) => !paused)) {
      new CfnSchedule(this, connection, {
        name: `${name}-${connection}`,
        groupName: group.ref,
        description: `Polls the connection ${connection}`,
        scheduleExpression: rateOf(every),
        flexibleTimeWindow: { mode: 'OFF' },
        target: {
          arn: target.functionArn,
          roleArn: role.roleArn,
          input: JSON.stringify({ connection }),
          retryPolicy: { maximumRetryAttempts: 0, maximumEventAgeInSeconds: 60 },
        },
      });
    }
  }
}
