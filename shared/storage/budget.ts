import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Connection } from '#shared/domain/connections.ts';
import { RateLimited } from '#shared/domain/errors.ts';
import { formatInstant } from '#shared/domain/instant.ts';
import type { Refused } from './budget-estimate.ts';
import { blockUpdate, claimUpdate, keyOf, raiseUpdate, toState, type Update } from './budget-item.ts';
import {
  type BudgetState,
  type Claim,
  largestNeed,
  planClaim,
  type RateLimits,
  remainingOf,
  type SpanName,
} from './budget-window.ts';
import type { Store } from './document-client.ts';

/**
 * The rate budget of a group: one item in the table that all its runners count up, so that together they never take more
 * than the limit of a window. What a runner took and did not use (it ended, it crashed) is lost with the window.
 */
type Table = Pick<Store, 'documents' | 'table'>;

/** Connections in one group share one budget; by itself a connection is a group. */
export const budgetGroup = ({ id, rateLimit }: Pick<Connection, 'id' | 'rateLimit'>): string => rateLimit.group ?? id;

/** The connection's own limits over the provider's. */
export const budgetLimits = ({ rateLimit }: Pick<Connection, 'rateLimit'>, provider: RateLimits): RateLimits => ({
  perMinute: rateLimit.perMinute ?? provider.perMinute,
  perHour: rateLimit.perHour ?? provider.perHour,
});

async function readItem({ documents, table }: Table, group: string, consistent: boolean): Promise<unknown> {
  const answer = await documents.send(
    new GetCommand({ TableName: table, Key: keyOf(group), ConsistentRead: consistent }),
  );
  return answer.Item;
}

export const readBudget = async (table: Table, group: string): Promise<BudgetState> =>
  toState((await readItem(table, group, true)) ?? {});

/** For the lookup: what is left and when the budget is full again (ISO 8601), or null before the first request. */
export async function readBudgetState(
  table: Table,
  group: string,
  limits: RateLimits,
  now: number,
): Promise<{ remaining: number; resetsAt: string } | null> {
  const item = await readItem(table, group, false);
  const left = item === undefined ? null : remainingOf(toState(item), limits, now);
  return left ? { remaining: left.remaining, resetsAt: formatInstant(left.resetsAt) } : null;
}

/** Faster runners in a row that are believed before this one steps back. */
const attemptLimit = 20;

/**
 * Takes `need` to `want` tokens with one conditional write; `known` is what this run saw last and saves the reading.
 * Throws RateLimited till the reset where the lane's share of a window is used or a 429 has blocked the group.
 */
export async function reserve(
  table: Table,
  group: string,
  claim: Claim,
  known: BudgetState | null,
  now: number,
): Promise<{ granted: number; state: BudgetState }> {
  const bounded = { ...claim, need: Math.min(claim.need, largestNeed(claim.limits)) };
  let state = known ?? (await readBudget(table, group));
  for (let attempt = 0; attempt < attemptLimit; attempt += 1) {
    const plan = planClaim(state, bounded, now);
    if ('waitMs' in plan) throw new RateLimited(`budget of ${group} is spent`, plan.waitMs);
    if (plan.spans.length === 0) return { granted: plan.granted, state };
    const written = await updateIf(table, group, claimUpdate(plan.spans, plan.granted, state, now));
    if (written) return { granted: plan.granted, state: toState(written) };
    state = await readBudget(table, group);
  }
  throw new RateLimited(`budget of ${group} is contended`, 1_000);
}

/** Counts up to what the provider says is used, where the table says less: another integration spends as well. */
export async function raiseUsed(
  table: Table,
  group: string,
  span: SpanName,
  index: number,
  used: number,
): Promise<void> {
  await updateIf(table, group, raiseUpdate(span, index, used));
}

/** After a 429: no runner of the group asks before `until`. `refused` is what it taught of the limit, null for nothing. */
export async function blockBudget(
  table: Table,
  group: string,
  until: number,
  now: number,
  refused: Refused | null = null,
): Promise<void> {
  await updateIf(table, group, blockUpdate(until, now, refused));
}

/** The item as written, or null where the condition refused the write. */
async function updateIf({ documents, table }: Table, group: string, update: Update): Promise<unknown> {
  const command = new UpdateCommand({ TableName: table, Key: keyOf(group), ...update, ReturnValues: 'ALL_NEW' });
  try {
    return (await documents.send(command)).Attributes ?? null;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return null;
    throw error;
  }
}
