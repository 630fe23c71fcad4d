import { Stack, Validations } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { type IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';

/**
 * One thing that a function may do, written out: the grants of the CDK's constructs hold wildcard actions. `anyOf` says
 * why its resources end in a wildcard; without it such a right fails the policy checks. `onlyIf` is the statement's
 * Condition.
 */
export type Right = {
  actions: readonly string[];
  resources: readonly string[];
  anyOf?: string;
  onlyIf?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
};

type TableAction = 'GetItem' | 'BatchGetItem' | 'PutItem' | 'UpdateItem' | 'DeleteItem' | 'Query';

/** `actions` on the items of the table. */
export const onTable = (table: ITable, actions: readonly TableAction[]): Right => ({
  actions: actions.map((action) => `dynamodb:${action}`),
  resources: [table.tableArn],
});

/** `actions` on the items of one partition of the table. */
export const onPartition = (table: ITable, actions: readonly TableAction[], partition: string): Right => ({
  ...onTable(table, actions),
  onlyIf: { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': [partition] } },
});

/** `actions` on the items of every partition whose key begins so. */
export const onPartitionsUnder = (table: ITable, actions: readonly TableAction[], prefix: string): Right => ({
  ...onTable(table, actions),
  onlyIf: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [`${prefix}*`] } },
});

/** `actions` on the items of the table, as far as they touch these attributes and no others. */
export const onAttributes = (table: ITable, actions: readonly TableAction[], names: readonly string[]): Right => ({
  ...onTable(table, actions),
  onlyIf: { 'ForAllValues:StringEquals': { 'dynamodb:Attributes': names } },
});

/** Queries over some of its indexes. */
export const onIndexes = (table: ITable, indexes: readonly { name: string }[]): Right => ({
  actions: ['dynamodb:Query'],
  resources: indexes.map(({ name }) => `${table.tableArn}/index/${name}`),
});

type ObjectAction = 'GetObject' | 'PutObject' | 'DeleteObject' | 'AbortMultipartUpload' | 'ListMultipartUploadParts';

/** Objects under some prefixes of a bucket. */
export const onObjects = (bucketArn: string, actions: readonly ObjectAction[], prefixes: readonly string[]): Right => ({
  actions: actions.map((action) => `s3:${action}`),
  resources: prefixes.map((prefix) => `${bucketArn}/${prefix}/*`),
  anyOf: 'The keys under a prefix follow from conversations, of which any may be read or written.',
});

type QueueAction =
  | 'ChangeMessageVisibility'
  | 'ReceiveMessage'
  | 'DeleteMessage'
  | 'GetQueueAttributes'
  | 'SendMessage';

/** `actions` on the messages of a queue. */
export const onQueue = (queueArn: string, actions: readonly QueueAction[]): Right => ({
  actions: actions.map((action) => `sqs:${action}`),
  resources: [queueArn],
});

/** Streams and lines of a log group, which is all that a writer needs. */
export const onLog = ({ logGroupArn }: ILogGroup): Right => ({
  actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
  resources: [logGroupArn],
});

export const statementOf = ({ actions, resources, onlyIf }: Right): PolicyStatement =>
  new PolicyStatement({ actions: [...actions], resources: [...resources], ...(onlyIf && { conditions: onlyIf }) });

/** Tells the policy checks why the wildcards of these rights stand there. */
export function explainWildcards(role: IRole, rights: readonly Right[]): void {
  for (const { resources, anyOf: reason } of rights) {
    if (reason === undefined) continue;
    for (const resource of resources) {
      const finding = findingText(Stack.of(role).resolve(resource));
      Validations.of(role).acknowledge({ id: `AwsSolutions::AwsSolutions-IAM5[Resource::${finding}]`, reason });
    }
  }
}

/** A resource as the policy checks write it in the name of a finding. */
function findingText(resource: unknown): string {
  if (typeof resource === 'string') return resource;
  if (typeof resource !== 'object' || resource === null) throw new TypeError('expected a resource or an intrinsic');
  if ('Fn::ImportValue' in resource) return String(resource['Fn::ImportValue']);
  if ('Fn::Join' in resource && Array.isArray(resource['Fn::Join'])) {
    const [separator, parts]: unknown[] = resource['Fn::Join'];
    if (Array.isArray(parts)) return parts.map(findingText).join(String(separator));
  }
  throw new TypeError('expected a resource made of imported values and text');
}
