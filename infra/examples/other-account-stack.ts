import { Stack } from 'aws-cdk-lib';
import { CfnRule, EventBus } from 'aws-cdk-lib/aws-events';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { EarshotSubscriber } from '../subscriber/earshot-subscriber.ts';

/**
 * Example of a subscriber in an account of its own, which Earshot's account admits (context `subscriberAccounts`): its
 * rule on the far bus forwards to a bus of its own, and all else stands there. `busArn` is the output BusArn of Earshot.
 */
export class OtherAccountStack extends Stack {
  constructor(scope: Construct, id: string, { busArn }: { busArn: string }) {
    super(scope, id);
    const bus = new EventBus(this, 'Bus', { eventBusName: 'conversations' });
    const { undelivered } = new EarshotSubscriber(this, 'Calls', { name: 'crm', bus });
    const forwarder = new Role(this, 'Forwarder', {
      assumedBy: new ServicePrincipal('events.amazonaws.com'),
      inlinePolicies: {
        forward: new PolicyDocument({
          statements: [new PolicyStatement({ actions: ['events:PutEvents'], resources: [bus.eventBusArn] })],
        }),
      },
    });
    const forward = new CfnRule(this, 'Forward', {
      eventBusName: busArn,
      eventPattern: { source: ['earshot'] },
      targets: [
        {
          id: 'own-bus',
          arn: bus.eventBusArn,
          roleArn: forwarder.roleArn,
          deadLetterConfig: { arn: undelivered.queueArn },
        },
      ],
    });
    undelivered.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('events.amazonaws.com')],
        actions: ['sqs:SendMessage'],
        resources: [undelivered.queueArn],
        conditions: { ArnEquals: { 'aws:SourceArn': forward.attrArn } },
      }),
    );
  }
}
