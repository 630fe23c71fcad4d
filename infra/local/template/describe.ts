import * as z from 'zod';
import type { Assembly, Resource, Stack } from './assembly.ts';
import { describeEventSource } from './describe-event-source.ts';
import { checkAsyncConfig, describeFunction, describeUrl } from './describe-function.ts';
import { describeQueue, describeRule, describeSchedule } from './describe-messaging.ts';
import { describeManagedPolicy, describeRole } from './describe-roles.ts';
import { describeBucket, describeSecret, describeTable } from './describe-storage.ts';
import type { Description } from './description.ts';
import type { Found } from './found.ts';
import type { Addresses } from './identities.ts';
import { busProperties, logGroupProperties } from './properties.ts';
import { createResolver } from './resolve.ts';
import { TemplateError } from './template-error.ts';

type Describer = (found: Found, into: Description) => void;

const describers: Readonly<Record<string, Describer>> = {
  'AWS::DynamoDB::GlobalTable': describeTable,
  'AWS::DynamoDB::Table': describeTable,
  'AWS::S3::Bucket': describeBucket,
  'AWS::SecretsManager::Secret': describeSecret,
  'AWS::SQS::Queue': describeQueue,
  'AWS::Events::EventBus': ({ properties, name }, into) => {
    busProperties.parse(properties);
    into.buses.push({ name });
  },
  'AWS::Events::Rule': describeRule,
  'AWS::Logs::LogGroup': ({ properties, name }, into) => {
    logGroupProperties.parse(properties);
    into.logGroups.push({ name });
  },
  'AWS::Scheduler::Schedule': describeSchedule,
  'AWS::Lambda::Function': describeFunction,
  'AWS::Lambda::Url': describeUrl,
  'AWS::Lambda::EventInvokeConfig': checkAsyncConfig,
  'AWS::Lambda::EventSourceMapping': describeEventSource,
  'AWS::IAM::Role': describeRole,
  'AWS::IAM::ManagedPolicy': describeManagedPolicy,
};

/** Nothing on one machine depends on these: who may from outside, the keeping of logs, watching, bookkeeping. */
const ignoredTypes: ReadonlySet<string> = new Set([
  'AWS::Budgets::Budget',
  'AWS::CDK::Metadata',
  'AWS::CloudFormation::WaitConditionHandle',
  'AWS::CloudWatch::Alarm',
  'AWS::CloudWatch::Dashboard',
  'AWS::Events::EventBusPolicy',
  'AWS::Lambda::Permission',
  'AWS::Logs::MetricFilter',
  'AWS::S3::BucketPolicy',
  'AWS::Scheduler::ScheduleGroup',
  'AWS::SecretsManager::ResourcePolicy',
  'AWS::SNS::Topic',
  'AWS::SNS::TopicPolicy',
  'AWS::SQS::QueuePolicy',
]);

/** Describes all that an assembly's templates ask for. Throws TemplateError with the type and the logical id of whatever is not understood. */
export function describe(assembly: Assembly, addresses: Addresses): Description {
  const { resolve, identify } = createResolver(assembly, addresses);
  const into = emptyDescription();
  for (const { stack, logicalId, resource } of resourcesOf(assembly)) {
    if (ignoredTypes.has(resource.Type)) continue;
    attempt(`${stack.name}.${logicalId} (${resource.Type})`, () => {
      const describer = describers[resource.Type];
      if (!describer) throw new TemplateError('this type is not understood');
      const { name } = identify(stack, logicalId);
      describer({ name, logicalId, properties: resolve(stack, resource.Properties), assets: assembly.assets }, into);
    });
  }
  return into;
}

function* resourcesOf({ stacks }: Assembly): Generator<{ stack: Stack; logicalId: string; resource: Resource }> {
  for (const stack of stacks) {
    for (const [logicalId, resource] of Object.entries(stack.template.Resources)) yield { stack, logicalId, resource };
  }
}

/** Every fault names the resource that it stands in. */
function attempt(where: string, run: () => void): void {
  try {
    run();
  } catch (error) {
    if (error instanceof TemplateError) throw new TemplateError(`${where}: ${error.message}`);
    if (error instanceof z.ZodError) throw new TemplateError(`${where}: ${z.prettifyError(error)}`);
    throw error;
  }
}

const emptyDescription = (): Description => ({
  tables: [],
  buckets: [],
  queues: [],
  buses: [],
  rules: [],
  secrets: [],
  logGroups: [],
  functions: [],
  urls: [],
  streamSources: [],
  queueSources: [],
  schedules: [],
  roles: [],
  managedPolicies: [],
});
