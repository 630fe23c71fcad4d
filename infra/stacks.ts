import { App, Validations } from 'aws-cdk-lib';
import { CURRENTLY_RECOMMENDED_FLAGS, DEFAULT_CROSS_STACK_REFERENCES } from 'aws-cdk-lib/cx-api';
import { AwsSolutionsChecks } from 'cdk-nag';
import { AlarmsStack } from './alarms-stack.ts';
import { ApiStack } from './api-stack.ts';
import { EventsStack } from './events-stack.ts';
import { IngestionStack } from './ingestion-stack.ts';
import { MediaStack } from './media-stack.ts';
import { OperationsStack } from './operations-stack.ts';
import type { Settings } from './settings.ts';
import { StorageStack } from './storage-stack.ts';
import { WebhookStack } from './webhook-stack.ts';

/**
 * The CDK's flags stand here and not in cdk.json, so that one machine, which runs the app without the CDK's CLI, gets
 * the same templates as a deployment.
 */
const flags = {
  ...CURRENTLY_RECOMMENDED_FLAGS,
  // CloudFormation refuses to remove an export that is in use, so no stack loses the table under its feet.
  [DEFAULT_CROSS_STACK_REFERENCES]: 'strong',
};

/** An empty app; what the command line says stands above `context`. */
export const newApp = (context: Readonly<Record<string, unknown>> = {}): App =>
  new App({ analyticsReporting: false, treeMetadata: false, context: { ...flags, ...context } });

/** How long an index may lag behind the table: lists by `updatedAt` end that much before now. */
const settleMs = { deployed: 10_000, oneMachine: 1_000 };

/** Every stack of one Earshot. */
export function addStacks(app: App, settings: Settings): void {
  const { name, oneMachine, file, subscriberAccounts, monthlyBudget } = settings;
  const { connections } = file;
  const settle = oneMachine ? settleMs.oneMachine : settleMs.deployed;
  const storage = new StorageStack(app, `${name}-storage`, { name });
  const media = new MediaStack(app, `${name}-media`, { name, storage, connections, settleMs: settle });
  const ingestion = new IngestionStack(app, `${name}-ingestion`, { name, storage, connections, settleMs: settle });
  new WebhookStack(app, `${name}-webhooks`, { name, storage, connections, settleMs: settle });
  const events = new EventsStack(app, `${name}-events`, { name, storage, connections, subscriberAccounts });
  // They know the media queues by name only, so CloudFormation does not see that these must be there first.
  for (const sender of [ingestion, events]) sender.addStackDependency(media);
  const operations = new OperationsStack(app, `${name}-operations`, {
    ...{ name, storage, events, connections },
    settleMs: settle,
  });
  const api = new ApiStack(app, `${name}-api`, { name, storage, file, settleMs: settle });
  // Publish knows the queue of operations by name; nobody asks for one before it is there.
  api.addStackDependency(operations);
  new AlarmsStack(app, `${name}-alarms`, { name, connections, monthlyBudget });
}

/** A finding of these rules that nobody has explained fails the synth. */
export function addPolicyChecks(app: App): void {
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
}
