import { CfnBudget } from 'aws-cdk-lib/aws-budgets';
import type { Construct } from 'constructs';
import type { Watching } from './alarms/watch.ts';

/** Parts of the budget (percent) at which somebody is told: spent so far, and what the month is heading for. */
const told = [
  { notificationType: 'ACTUAL', threshold: 80 },
  { notificationType: 'ACTUAL', threshold: 100 },
  { notificationType: 'FORECASTED', threshold: 100 },
];

/**
 * Tells the topic when the account's month costs more than so many dollars. It counts the whole account: what a single
 * deployment costs is only known where somebody has activated cost allocation tags, and a budget on tags that nobody
 * activated never speaks. What to do: the section monthly-budget of docs/runbook.md.
 */
export function addMonthlyBudget(scope: Construct, { name, topic }: Watching, dollars: number): void {
  if (dollars === 0) return;
  new CfnBudget(scope, 'MonthlyBudget', {
    budget: {
      budgetName: `${name}-monthly-budget`,
      budgetType: 'COST',
      timeUnit: 'MONTHLY',
      budgetLimit: { amount: dollars, unit: 'USD' },
    },
    notificationsWithSubscribers: told.map((when) => ({
      notification: { ...when, comparisonOperator: 'GREATER_THAN', thresholdType: 'PERCENTAGE' },
      subscribers: [{ subscriptionType: 'SNS', address: topic.topicArn }],
    })),
  });
}
