import type { DatabaseSync } from 'node:sqlite';
import * as z from 'zod';
import { AwsError } from '../aws-error.ts';
import { type JsonOperation, operation } from '../aws-json.ts';
import { busArn, nameOfArn } from '../template/arns.ts';
import {
  createBus,
  deleteRule,
  findRule,
  listRules,
  putRule,
  type Rule,
  requireBus,
  requireRule,
  ruleArn,
} from './bus-store.ts';
import { compilePattern } from './event-pattern.ts';
import { ruleTargetSchema } from './rule-target.ts';

const maxTargetsPerRule = 5;
const maxPerPage = 100;

const name = z.string().regex(/^[.\w-]{1,256}$/);
const ruleName = z.string().regex(/^[.\w-]{1,64}$/);
/** a bus by name or by ARN */
const bus = z
  .string()
  .default('default')
  .transform((text) => nameOfArn(text));
const paging = { Limit: z.int().min(1).max(maxPerPage).default(maxPerPage), NextToken: z.string().optional() };
const ofRule = { Rule: ruleName, EventBusName: bus };

/** Operations on buses, rules and their targets. */
export function ruleOperations(database: DatabaseSync): Record<string, JsonOperation> {
  return {
    CreateEventBus: operation(z.strictObject({ Name: name }), ({ Name }) => {
      createBus(database, Name);
      return { EventBusArn: busArn(Name) };
    }),
    DescribeEventBus: operation(z.strictObject({ Name: bus }), ({ Name }) => {
      requireBus(database, Name);
      return { Name, Arn: busArn(Name) };
    }),
    PutRule: operation(
      z.strictObject({
        Name: ruleName,
        EventPattern: z.string(),
        EventBusName: bus,
        State: z.enum(['ENABLED', 'DISABLED']).default('ENABLED'),
        Description: z.string().max(512).optional(),
      }),
      ({ Name, EventPattern, EventBusName, State, Description }) => {
        requireBus(database, EventBusName);
        compilePattern(EventPattern);
        const targets = findRule(database, EventBusName, Name)?.targets ?? [];
        const rule: Rule = {
          name: Name,
          bus: EventBusName,
          state: State,
          pattern: EventPattern,
          description: Description,
          targets,
        };
        putRule(database, rule);
        return { RuleArn: ruleArn(rule) };
      },
    ),
    DeleteRule: operation(
      z.strictObject({ Name: ruleName, EventBusName: bus, Force: z.boolean().optional() }),
      ({ Name, EventBusName }) => {
        const rule = findRule(database, EventBusName, Name);
        if (rule && rule.targets.length > 0) {
          throw new AwsError('ValidationException', "Rule can't be deleted since it has targets.");
        }
        if (rule) deleteRule(database, rule);
      },
    ),
    ListRules: operation(
      z.strictObject({ EventBusName: bus, NamePrefix: z.string().default(''), ...paging }),
      ({ EventBusName, NamePrefix, Limit, NextToken }) => {
        requireBus(database, EventBusName);
        const rules = listRules(database, EventBusName).filter((rule) => rule.name.startsWith(NamePrefix));
        const page = pageOf(rules, (rule) => rule.name, Limit, NextToken);
        return { Rules: page.items.map(renderRule), NextToken: page.next };
      },
    ),
    ...targetOperations(database),
  };
}

function targetOperations(database: DatabaseSync): Record<string, JsonOperation> {
  return {
    PutTargets: operation(
      z.strictObject({ ...ofRule, Targets: z.array(ruleTargetSchema).min(1).max(100) }),
      ({ Rule, EventBusName, Targets }) => {
        const rule = requireRule(database, EventBusName, Rule);
        const targets = new Map([...rule.targets, ...Targets].map((target) => [target.Id, target]));
        if (targets.size > maxTargetsPerRule) {
          throw new AwsError('LimitExceededException', `A rule has at most ${maxTargetsPerRule} targets.`);
        }
        putRule(database, { ...rule, targets: [...targets.values()] });
        return { FailedEntryCount: 0, FailedEntries: [] };
      },
    ),
    RemoveTargets: operation(
      z.strictObject({ ...ofRule, Ids: z.array(z.string()).min(1).max(100), Force: z.boolean().optional() }),
      ({ Rule, EventBusName, Ids }) => {
        const rule = requireRule(database, EventBusName, Rule);
        putRule(database, { ...rule, targets: rule.targets.filter((target) => !Ids.includes(target.Id)) });
        return { FailedEntryCount: 0, FailedEntries: [] };
      },
    ),
    ListTargetsByRule: operation(
      z.strictObject({ ...ofRule, ...paging }),
      ({ Rule, EventBusName, Limit, NextToken }) => {
        const { targets } = requireRule(database, EventBusName, Rule);
        const page = pageOf(targets, (target) => target.Id, Limit, NextToken);
        return { Targets: page.items, NextToken: page.next };
      },
    ),
  };
}

function renderRule(rule: Rule) {
  return {
    Name: rule.name,
    Arn: ruleArn(rule),
    EventPattern: rule.pattern,
    State: rule.state,
    Description: rule.description,
    EventBusName: rule.bus,
  };
}

function pageOf<Item>(
  items: readonly Item[],
  nameOf: (item: Item) => string,
  limit: number,
  after: string | undefined,
) {
  const start = after === undefined ? 0 : items.findIndex((item) => nameOf(item) === after) + 1;
  const page = items.slice(start, start + limit);
  const last = page.at(-1);
  return { items: page, next: last !== undefined && start + limit < items.length ? nameOf(last) : undefined };
}
