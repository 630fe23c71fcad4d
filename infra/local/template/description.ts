import type { Statement } from '#infra/local/access/statement.ts';
import type { TableDefinition } from '#infra/local/dynamodb/create-table.ts';

/** What the synthesized templates ask for, with every reference resolved. Names are physical names. */
export type Description = {
  tables: TableDefinition[];
  buckets: { name: string }[];
  queues: Queue[];
  buses: { name: string }[];
  rules: Rule[];
  secrets: SecretDefinition[];
  logGroups: { name: string }[];
  functions: FunctionDefinition[];
  urls: FunctionUrl[];
  streamSources: StreamSource[];
  queueSources: QueueSource[];
  schedules: Schedule[];
  roles: Role[];
  managedPolicies: ManagedPolicy[];
};

export type Role = {
  arn: string;
  /** the services that may take it on */
  trusted: string[];
  /** of its own policies */
  statements: Statement[];
  /** ARNs of further policies */
  managedPolicies: string[];
};
export type ManagedPolicy = { arn: string; statements: Statement[] };

/** Attributes as the SQS API takes them. */
export type Queue = { name: string; attributes: Record<string, string> };

export type Rule = { name: string; bus: string; pattern: string; enabled: boolean; targets: RuleTarget[] };

/** As PutTargets takes it. */
export type RuleTarget = {
  Arn: string;
  Id: string;
  Input?: string | undefined;
  InputPath?: string | undefined;
  DeadLetterConfig?: { Arn: string } | undefined;
  RetryPolicy?:
    | { MaximumRetryAttempts?: number | undefined; MaximumEventAgeInSeconds?: number | undefined }
    | undefined;
};

export type SecretDefinition = { name: string; value: SecretValue };
export type SecretValue =
  | { kind: 'text'; text: string }
  /** random characters; with a template they become the member `key` of that JSON object */
  | { kind: 'generated'; length: number; alphabet: string; template?: { json: string; key: string } };

export type FunctionDefinition = {
  name: string;
  logicalId: string;
  /** the unpacked asset */
  folder: string;
  /** `<file without ending>.<export>` */
  handler: string;
  environment: Record<string, string>;
  timeoutMs: number;
  memoryMb: number;
  /** ARN of the role that it acts as */
  role: string;
  /** where its output goes */
  logGroup: string;
  /** most invocations at one time, or null where the template sets no limit */
  concurrency: number | null;
};

export type FunctionUrl = { function: string; logicalId: string; streaming: boolean };

type EventSource = {
  name: string;
  function: string;
  batchSize: number;
  windowMs: number;
  /** patterns of which one must fit; empty lets everything through */
  filters: string[];
  /** the function answers which items of a batch failed */
  reportsFailures: boolean;
};
export type StreamSource = EventSource & {
  table: string;
  bisect: boolean;
  /** further attempts of a batch that failed; -1 is without end */
  retries: number;
  /** where a batch goes that failed for good, or null where it is dropped */
  failureBucket: string | null;
};
export type QueueSource = EventSource & { queue: string; concurrency: number };

export type Schedule = {
  name: string;
  expression: string;
  enabled: boolean;
  target: string;
  input: string;
  role: string;
};
