/**
 * List prices of us-east-1 in US dollars, without any free allowance, as they stood on 2026-11-21. The page docs/costs.md and
 * the bench compute with these, and nobody with any other.
 */
export const pricesAt = { region: 'us-east-1', date: '2026-11-21' };

export type Price = { dollars: number; per: number; unit: string; source: string };

export const prices = {
  writeUnit: {
    ...{ dollars: 0.625, per: 1_000_000, unit: 'DynamoDB write units' },
    source: 'https://aws.amazon.com/dynamodb/pricing/on-demand/',
  },
  readUnit: {
    ...{ dollars: 0.125, per: 1_000_000, unit: 'DynamoDB read units' },
    source: 'https://aws.amazon.com/dynamodb/pricing/on-demand/',
  },
  event: {
    ...{ dollars: 1, per: 1_000_000, unit: 'EventBridge events of up to 64 KiB' },
    source: 'https://aws.amazon.com/eventbridge/pricing/',
  },
  schedule: {
    ...{ dollars: 1, per: 1_000_000, unit: 'starts by EventBridge Scheduler' },
    source: 'https://aws.amazon.com/eventbridge/pricing/',
  },
  put: {
    ...{ dollars: 0.005, per: 1_000, unit: 'S3 writes (PUT, POST, LIST)' },
    source: 'https://aws.amazon.com/s3/pricing/',
  },
  get: { ...{ dollars: 0.0004, per: 1_000, unit: 'S3 reads' }, source: 'https://aws.amazon.com/s3/pricing/' },
  message: {
    ...{ dollars: 0.4, per: 1_000_000, unit: 'SQS requests' },
    source: 'https://aws.amazon.com/sqs/pricing/',
  },
  invocation: {
    ...{ dollars: 0.2, per: 1_000_000, unit: 'Lambda invocations' },
    source: 'https://aws.amazon.com/lambda/pricing/',
  },
  gigabyteSecond: {
    ...{ dollars: 0.0000133334, per: 1, unit: 'Lambda GB-seconds (arm64)' },
    source: 'https://aws.amazon.com/lambda/pricing/',
  },
  alarm: {
    ...{ dollars: 0.1, per: 1, unit: 'metrics that an alarm looks at, a month' },
    source: 'https://aws.amazon.com/cloudwatch/pricing/',
  },
  metric: {
    ...{ dollars: 0.3, per: 1, unit: 'metrics of our own, a month' },
    source: 'https://aws.amazon.com/cloudwatch/pricing/',
  },
  dashboard: {
    ...{ dollars: 3, per: 1, unit: 'dashboards, a month' },
    source: 'https://aws.amazon.com/cloudwatch/pricing/',
  },
  logged: {
    ...{ dollars: 0.5, per: 1, unit: 'GB of logs taken in' },
    source: 'https://aws.amazon.com/cloudwatch/pricing/',
  },
  secret: {
    ...{ dollars: 0.4, per: 1, unit: 'secrets, a month' },
    source: 'https://aws.amazon.com/secrets-manager/pricing/',
  },
  secretRead: {
    ...{ dollars: 0.05, per: 10_000, unit: 'reads of secrets' },
    source: 'https://aws.amazon.com/secrets-manager/pricing/',
  },
  keyUse: {
    ...{ dollars: 0.03, per: 10_000, unit: 'uses of KMS keys' },
    source: 'https://aws.amazon.com/kms/pricing/',
  },
} satisfies Readonly<Record<string, Price>>;

export type Priced = keyof typeof prices;

/** What so much of it costs, in dollars. */
export const costOf = (what: Priced, amount: number): number => (prices[what].dollars * amount) / prices[what].per;
