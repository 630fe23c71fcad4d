import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { functionArn } from '#infra/local/template/arns.ts';
import type { Assembly, Resource } from '#infra/local/template/assembly.ts';
import { describe as describeAssembly } from '#infra/local/template/describe.ts';
import { synthesize } from '#test/infra/synthesized.ts';

const templateSchema = z.object({
  Resources: z.record(
    z.string(),
    z.object({ Type: z.string(), Properties: z.record(z.string(), z.unknown()).default({}) }),
  ),
  Outputs: z
    .record(z.string(), z.object({ Value: z.unknown(), Export: z.object({ Name: z.unknown() }).optional() }))
    .default({}),
});

/** The app's own templates, as they would be deployed, with a folder for each bundle that they name. */
function assembly(): Assembly {
  const stacks = Object.entries(synthesize()).map(([part, template]) => ({
    name: `earshot-${part}`,
    template: templateSchema.parse(template.toJSON()),
  }));
  const resources = stacks.flatMap(({ template }): Resource[] => Object.values(template.Resources));
  const codes = resources.flatMap(
    ({ Properties }) => z.object({ S3Key: z.string() }).safeParse(Properties['Code']).data?.S3Key ?? [],
  );
  return { stacks, assets: new Map(codes.map((key) => [key, `/assets/${key}`])) };
}

const queueUrl = (name: string): string => `http://127.0.0.1:1/000000000000/${name}`;
const described = describeAssembly(assembly(), { queueUrl, functionUrl: () => 'http://127.0.0.1:2/' });
const providers = ['salesloft', 'talkdesk'];
/** Whose function works each queue off; that of operations is of no provider. */
const queues = [
  ...providers.map((provider) => ({ queue: `earshot-media-${provider}`, provider })),
  { queue: 'earshot-operations', provider: undefined },
];

describe('one machine reads of the deployed templates', () => {
  it('the queues with all that the embedded SQS makes of them', () => {
    expect(new Map(described.queues.map(({ name, attributes }) => [name, attributes]))).toEqual(
      new Map(
        queues.flatMap(({ queue }): [string, Record<string, string>][] => [
          [`${queue}-dead`, { MessageRetentionPeriod: '1209600' }],
          [
            queue,
            {
              MessageRetentionPeriod: '1209600',
              VisibilityTimeout: '5400',
              RedrivePolicy: JSON.stringify({
                deadLetterTargetArn: `arn:aws:sqs:us-east-1:000000000000:${queue}-dead`,
                maxReceiveCount: 5,
              }),
            },
          ],
        ]),
      ),
    );
  });

  it('who works them off, how many at once, and that a function tells what failed', () => {
    const sources = described.queueSources.map(({ name: _, function: target, ...source }) => ({
      ...source,
      provider: described.functions.find(({ name }) => name === target)?.environment['EARSHOT_PROVIDER'],
    }));
    expect(sources).toEqual(
      queues.map((each) => ({
        ...each,
        batchSize: 1,
        concurrency: 2,
        reportsFailures: true,
        windowMs: 0,
        filters: [],
      })),
    );
  });

  it('where lookup notes who read what, as a log group', () => {
    const [log] = described.functions.flatMap(({ environment: { EARSHOT_READ_LOG: name } }) => name ?? []);
    expect(described.logGroups).toContainEqual({ name: log });
  });

  it('who failed a batch of the stream, as operate is told it', () => {
    const operate = described.functions.find(({ environment }) => 'EARSHOT_DEAD_LETTERS' in environment)?.environment;
    const readers = [operate?.['EARSHOT_PUBLISH_FUNCTION'], operate?.['EARSHOT_PARTICIPANTS_FUNCTION']];
    expect(new Set(described.streamSources.map((source) => functionArn(source.function)))).toEqual(new Set(readers));
    const buckets = described.streamSources.map(({ failureBucket }) => failureBucket);
    expect(new Set(buckets)).toEqual(new Set([operate?.['EARSHOT_DEAD_LETTERS']]));
  });

  it('where publish, poll and media find the queues', () => {
    const addressOf = (provider: string): string =>
      `https://sqs.us-east-1.amazonaws.com/000000000000/earshot-media-${provider}`;
    const told = described.functions.map(({ environment }) => environment);
    for (const provider of providers) {
      const own = told.filter(({ EARSHOT_PROVIDER: name }) => name === provider);
      expect(own.map(({ EARSHOT_MEDIA_QUEUE: url }) => url)).toEqual([addressOf(provider), addressOf(provider)]);
    }
    const [publish] = told.filter(({ EARSHOT_MEDIA_QUEUES: urls }) => urls !== undefined);
    expect(JSON.parse(publish?.['EARSHOT_MEDIA_QUEUES'] ?? '')).toEqual(
      Object.fromEntries(providers.map((provider) => [provider, addressOf(provider)])),
    );
  });
});
