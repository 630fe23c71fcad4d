import { type Condition, type Context, hold } from './conditions.ts';
import type { Statement } from './statement.ts';
import { wildcard } from './wildcard.ts';

/** What somebody asks to do: one action on one resource, and what conditions may look at. */
export type Ask = { action: string; resource: string; context?: Context };

/** The least that a policy gives or withholds: one action on one resource, as they stand in it. */
export type Grant = {
  effect: Statement['effect'];
  action: string;
  resource: string;
  conditions: readonly Condition[];
  covers: (ask: Ask) => boolean;
};

/** Every action of a statement with every resource of it. */
export const grantsOf = (statements: readonly Statement[]): Grant[] =>
  statements.flatMap(({ effect, actions, resources, conditions }) =>
    actions.flatMap((action) => resources.map((resource) => grantOf({ effect, action, resource, conditions }))),
  );

function grantOf(given: Omit<Grant, 'covers'>): Grant {
  // IAM takes actions in any case, resources as they are written.
  const [isAction, isResource] = [wildcard(given.action, 'i'), wildcard(given.resource)];
  return {
    ...given,
    covers: ({ action, resource, context = {} }) =>
      isAction.test(action) && isResource.test(resource) && hold(given.conditions, context),
  };
}

/**
 * The grants that allow it, none where it is not allowed: what nobody granted is withheld, and what one statement denies
 * no other one allows.
 */
export function allowing(grants: readonly Grant[], ask: Ask): Grant[] {
  const covering = grants.filter(({ covers }) => covers(ask));
  return covering.some(({ effect }) => effect === 'Deny') ? [] : covering;
}

/** A grant in a line: `s3:GetObject on arn:aws:s3:::bucket/media/*`, with its conditions behind it. */
export function grantText({ effect, action, resource, conditions }: Grant): string {
  const only = conditions.map(({ operator, key, values }) => ` if ${key} ${operator} ${values.join(', ')}`);
  return `${effect === 'Deny' ? 'never ' : ''}${action} on ${resource}${only.join('')}`;
}
