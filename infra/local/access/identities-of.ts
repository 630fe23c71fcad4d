import { nameOfArn } from '#infra/local/template/arns.ts';
import type { Description } from '#infra/local/template/description.ts';
import { TemplateError } from '#infra/local/template/template-error.ts';
import type { Identity } from './access.ts';
import { grantsOf } from './grants.ts';

type Roles = Pick<Description, 'roles' | 'managedPolicies'>;

/**
 * Everybody who acts on one machine: each function under its own name, as its role, and the roles that the Scheduler takes
 * on. Throws TemplateError for a role that its service may not take on, or that holds policies from elsewhere.
 */
export function identitiesOf({ functions, schedules, ...roles }: Description): Identity[] {
  const invokers = new Set(schedules.map(({ role }) => role));
  return [
    ...functions.map(({ name, role }) => identity(name, role, 'lambda.amazonaws.com', roles)),
    ...[...invokers].map((role) => identity(nameOfArn(role), role, 'scheduler.amazonaws.com', roles)),
  ];
}

function identity(name: string, arn: string, service: string, { roles, managedPolicies }: Roles): Identity {
  const role = roles.find((one) => one.arn === arn);
  if (!role?.trusted.includes(service)) throw new TemplateError(`${service} may not act as ${arn} for ${name}`);
  const further = role.managedPolicies.flatMap((policy) => {
    const found = managedPolicies.find((one) => one.arn === policy);
    if (!found) throw new TemplateError(`${arn}: the policy ${policy} is not understood, for no template holds it`);
    return found.statements;
  });
  return { name, grants: grantsOf([...role.statements, ...further]) };
}
