/** The account and region that everything on one machine pretends to live in. */
export const account = '000000000000';
export const region = 'us-east-1';

export const arn = (service: string, resource: string): string => `arn:aws:${service}:${region}:${account}:${resource}`;

/** The name at the end of an ARN, behind its last `:` or `/`. */
export const nameOfArn = (text: string): string =>
  text.slice(Math.max(text.lastIndexOf(':'), text.lastIndexOf('/')) + 1);

export const functionArn = (name: string): string => arn('lambda', `function:${name}`);
export const bucketArn = (name: string): string => `arn:aws:s3:::${name}`;
export const roleArn = (name: string): string => `arn:aws:iam::${account}:role/${name}`;
export const managedPolicyArn = (name: string): string => `arn:aws:iam::${account}:policy/${name}`;
export const queueArn = (name: string): string => arn('sqs', name);
export const logStreamArn = (group: string, stream: string): string =>
  arn('logs', `log-group:${group}:log-stream:${stream}`);
export const busArn = (name: string): string => arn('events', `event-bus/${name}`);

export const tableArn = (name: string): string => arn('dynamodb', `table/${name}`);
/** DynamoDB puts a time at the end; ours is the same on every start. */
export const streamArn = (table: string): string => `${tableArn(table)}/stream/2026-01-01T00:00:00.000`;
export const tableOfStream = (text: string): string | null => /:table\/([^/]+)\/stream\//.exec(text)?.[1] ?? null;
