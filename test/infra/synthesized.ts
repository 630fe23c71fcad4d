import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as z from 'zod';
import { addStacks, newApp } from '#infra/stacks.ts';
import { parseConnections } from '#shared/domain/read-connections.ts';

export const exampleFile = {
  connections: [
    { id: 'sales-us', provider: 'salesloft', credentials: { secret: 'earshot/sales-us' }, every: '5m' },
    { id: 'sales-eu', provider: 'salesloft', credentials: { secret: 'earshot/sales-eu' }, every: '90s' },
    { id: 'support', provider: 'talkdesk', region: 'eu', account: 'acme', credentials: { secret: 'earshot/support' } },
  ],
  clients: [
    { clientId: 'crm', clientSecret: { secret: 'earshot/crm' }, scopes: ['conversations:read'] },
    { token: { secret: 'earshot/bi' }, scopes: ['conversations:read'] },
  ],
};

/** So many connections, of two providers, whose secrets have long names. */
export const manyConnections = (count: number) =>
  Array.from({ length: count }, (_, i) => ({
    id: `connection-${i}`,
    provider: i % 4 === 0 ? 'talkdesk' : 'salesloft',
    ...(i % 4 === 0 && { region: 'us', account: 'acme' }),
    credentials: { secret: `earshot/credentials/of/a/rather/long/name/connection-${i}` },
  }));

type Options = {
  name?: string;
  oneMachine?: boolean;
  subscriberAccounts?: readonly string[];
  monthlyBudget?: number;
};

/** The app's templates by the last part of their stack's name. Bundles are left out: they would take seconds. */
export function synthesize(
  file: unknown = exampleFile,
  { name = 'earshot', oneMachine = false, subscriberAccounts = [], monthlyBudget = 50 }: Options = {},
) {
  const app = newApp({ 'aws:cdk:bundling-stacks': [] });
  addStacks(app, { name, oneMachine, file: parseConnections(file, { oneMachine }), subscriberAccounts, monthlyBudget });
  const stacks = app.node.children.filter((child) => child instanceof Stack);
  const templateOf = (part: string): Template => {
    const stack = stacks.find(({ stackName }) => stackName === `${name}-${part}`);
    if (!stack)
      throw new Error(`no stack ${name}-${part} among ${stacks.map(({ stackName }) => stackName).join(', ')}`);
    return Template.fromStack(stack);
  };
  return {
    storage: templateOf('storage'),
    media: templateOf('media'),
    webhooks: templateOf('webhooks'),
    ingestion: templateOf('ingestion'),
    events: templateOf('events'),
    operations: templateOf('operations'),
    api: templateOf('api'),
    alarms: templateOf('alarms'),
  };
}

/** CloudFormation writes a list of one as the one. */
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value]);

const statementSchema = z.object({
  Effect: z.string(),
  Action: z.preprocess(list, z.array(z.string())),
  Resource: z.preprocess(list, z.array(z.unknown())),
  Condition: z.unknown().optional(),
});
const documentSchema = z.object({ Statement: z.array(statementSchema) });
export type Statement = z.infer<typeof statementSchema>;

/** Every statement that allows something, of roles and policies, by the logical id of its resource. */
export function allowed(template: Template): (Statement & { owner: string })[] {
  const roles = Object.entries(template.findResources('AWS::IAM::Role')).flatMap(([owner, role]) =>
    z
      .array(z.object({ PolicyDocument: documentSchema }))
      .parse(role['Properties'].Policies ?? [])
      .map((policy) => ({ owner, ...policy })),
  );
  const policies = ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy']
    .flatMap((type) => Object.entries(template.findResources(type)))
    .map(([owner, policy]) => ({ owner, PolicyDocument: documentSchema.parse(policy['Properties'].PolicyDocument) }));
  return [...roles, ...policies]
    .flatMap(({ owner, PolicyDocument }) => PolicyDocument.Statement.map((statement) => ({ owner, ...statement })))
    .filter(({ Effect }) => Effect === 'Allow');
}
