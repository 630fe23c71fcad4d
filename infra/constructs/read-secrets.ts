import { ArnFormat, Stack } from 'aws-cdk-lib';
import { ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';

/** Characters of secret names and ARN heads in one policy; IAM allows 6,144 for the whole document. */
const policyBudget = 5_500;
/** Characters of an ARN before and behind the secret's name, and its quotes. */
const arnOverhead = 90;

/**
 * Managed policies that allow reading exactly the named secrets: in one policy inside the role, 200 connections would
 * pass what a role may hold (10,240 characters).
 */
export function readSecretsPolicies(scope: Construct, names: readonly string[]): ManagedPolicy[] {
  return inPolicies([...new Set(names)].toSorted()).map(
    (part, i) =>
      new ManagedPolicy(scope, `Secrets${i + 1}`, {
        statements: [
          new PolicyStatement({
            actions: ['secretsmanager:GetSecretValue'],
            resources: part.map((name) => secretArn(scope, name)),
          }),
        ],
      }),
  );
}

/** Secrets Manager puts "-" and six characters of its own behind every name. */
const secretArn = (scope: Construct, name: string): string =>
  Stack.of(scope).formatArn({
    service: 'secretsmanager',
    resource: 'secret',
    resourceName: `${name}-??????`,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });

function inPolicies(names: readonly string[]): string[][] {
  const parts: string[][] = [];
  let left = 0;
  for (const name of names) {
    const size = name.length + arnOverhead;
    if (size > left) {
      parts.push([]);
      left = policyBudget;
    }
    parts.at(-1)?.push(name);
    left -= size;
  }
  return parts;
}
