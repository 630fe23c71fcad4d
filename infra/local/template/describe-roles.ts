import { managedPolicyArn, roleArn } from './arns.ts';
import type { Description } from './description.ts';
import type { Found } from './found.ts';
import { managedPolicyProperties, roleProperties } from './properties.ts';

export function describeRole({ name, properties }: Found, into: Description): void {
  const role = roleProperties.parse(properties);
  into.roles.push({
    arn: roleArn(name),
    trusted: role.AssumeRolePolicyDocument.Statement.map(({ Principal }) => Principal.Service),
    statements: role.Policies.flatMap(({ PolicyDocument }) => PolicyDocument),
    managedPolicies: role.ManagedPolicyArns,
  });
}

export function describeManagedPolicy({ name, properties }: Found, into: Description): void {
  const { PolicyDocument: statements } = managedPolicyProperties.parse(properties);
  into.managedPolicies.push({ arn: managedPolicyArn(name), statements });
}
