import {
  CreateEventBusCommand,
  DeleteRuleCommand,
  type EventBridgeClient,
  ListRulesCommand,
  ListTargetsByRuleCommand,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
  ResourceAlreadyExistsException,
} from '@aws-sdk/client-eventbridge';
import type { Description, Rule } from './template/description.ts';

/** Makes the buses and their rules as the template has them now; rules from an earlier template go. */
export async function provisionEvents(client: EventBridgeClient, { buses, rules }: Description): Promise<void> {
  for (const { name } of buses) await createBus(client, name);
  for (const bus of ['default', ...buses.map(({ name }) => name)]) {
    const { Rules = [] } = await client.send(new ListRulesCommand({ EventBusName: bus }));
    for (const { Name: name = '' } of Rules) await deleteRule(client, { bus, name });
  }
  for (const rule of rules) await createRule(client, rule);
}

async function createBus(client: EventBridgeClient, name: string): Promise<void> {
  try {
    await client.send(new CreateEventBusCommand({ Name: name }));
  } catch (error) {
    if (!(error instanceof ResourceAlreadyExistsException)) throw error;
  }
}

async function createRule(client: EventBridgeClient, { name, bus, pattern, enabled, targets }: Rule): Promise<void> {
  const State = enabled ? 'ENABLED' : 'DISABLED';
  await client.send(new PutRuleCommand({ Name: name, EventBusName: bus, EventPattern: pattern, State }));
  await client.send(new PutTargetsCommand({ Rule: name, EventBusName: bus, Targets: targets }));
}

/** A rule with targets cannot be deleted. */
async function deleteRule(client: EventBridgeClient, { name, bus }: { name: string; bus: string }): Promise<void> {
  const { Targets = [] } = await client.send(new ListTargetsByRuleCommand({ Rule: name, EventBusName: bus }));
  const Ids = Targets.flatMap(({ Id }) => Id ?? []);
  if (Ids.length > 0) await client.send(new RemoveTargetsCommand({ Rule: name, EventBusName: bus, Ids }));
  await client.send(new DeleteRuleCommand({ Name: name, EventBusName: bus }));
}
