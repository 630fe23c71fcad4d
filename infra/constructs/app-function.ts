import type { Duration } from 'aws-cdk-lib';
import { RemovalPolicy } from 'aws-cdk-lib';
import { PolicyDocument, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { env } from '#shared/facts/env.ts';
import { type Beside, bundledCode } from './bundle.ts';
import { readSecretsPolicies } from './read-secrets.ts';
import { explainWildcards, onLog, type Right, statementOf } from './rights.ts';

export type AppFunctionProps = Beside & {
  /** the folder under `functions/` */
  folder: string;
  description: string;
  environment: Partial<Record<keyof typeof env, string>>;
  /** everything the function may do beside writing its log and reading its secrets */
  rights: readonly Right[];
  /** names of the secrets that the function may read */
  secrets?: readonly string[];
  timeout: Duration;
  memoryMb: number;
  /** invocations at one time: as many are kept for it, and more it does not get; no limit where absent */
  atOnce?: number;
};

/** The one place that says what a function of ours runs on, how it is bundled, where it logs and as whom it acts. */
export class AppFunction extends Construct {
  readonly lambda: LambdaFunction;
  readonly logGroup: LogGroup;

  constructor(scope: Construct, id: string, props: AppFunctionProps) {
    super(scope, id);
    this.logGroup = new LogGroup(this, 'Logs', {
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      inlinePolicies: {
        function: new PolicyDocument({ statements: [onLog(this.logGroup), ...props.rights].map(statementOf) }),
      },
      managedPolicies: readSecretsPolicies(this, props.secrets ?? []),
    });
    explainWildcards(role, props.rights);
    this.lambda = new LambdaFunction(this, 'Function', {
      description: props.description,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: 'index.handler',
      code: bundledCode(props.folder, props),
      environment: variables(props.environment),
      timeout: props.timeout,
      memorySize: props.memoryMb,
      ...(props.atOnce !== undefined && { reservedConcurrentExecutions: props.atOnce }),
      logGroup: this.logGroup,
      // Every right is written out above, so what the CDK's constructs would grant on their own is not wanted.
      role: role.withoutPolicyUpdates(),
    });
  }
}

function variables(values: AppFunctionProps['environment']): Record<string, string> {
  const entries = Object.entries(env).map(([key, name]) => [name, values[key as keyof typeof env]] as const);
  return Object.fromEntries(entries.filter((entry): entry is [(typeof entry)[0], string] => entry[1] !== undefined));
}
