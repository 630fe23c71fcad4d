import { Stack } from 'aws-cdk-lib';
import { CfnEventBusPolicy, type IEventBus } from 'aws-cdk-lib/aws-events';
import { AccountPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';

/** What it takes to keep a rule, its targets and its tags, also by CloudFormation, which reads what it has made. */
const ruleActions = [
  'PutRule',
  'DeleteRule',
  'DescribeRule',
  'EnableRule',
  'DisableRule',
  'PutTargets',
  'RemoveTargets',
  'ListTargetsByRule',
  'TagResource',
  'UntagResource',
  'ListTagsForResource',
];

/**
 * Lets exactly these accounts keep rules on the bus, each its own only: a rule that another account has made has that one
 * as its `events:creatorAccount`, a rule that is being made has none yet. They can put no events on the bus.
 */
export function admitAccounts(bus: IEventBus, accounts: readonly string[]): void {
  if (accounts.length === 0) return;
  const statement = new PolicyStatement({
    sid: 'OwnRules',
    principals: accounts.map((account) => new AccountPrincipal(account)),
    actions: ruleActions.map((action) => `events:${action}`),
    resources: [
      Stack.of(bus).formatArn({ service: 'events', resource: 'rule', resourceName: `${bus.eventBusName}/*` }),
    ],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of the policy, which EventBridge fills in.
    conditions: { StringEqualsIfExists: { 'events:creatorAccount': '${aws:PrincipalAccount}' } },
  });
  new CfnEventBusPolicy(Stack.of(bus), 'SubscriberAccounts', {
    eventBusName: bus.eventBusName,
    statementId: 'OwnRules',
    statement: statement.toJSON(),
  });
}
