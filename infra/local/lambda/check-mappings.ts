import { HeadBucketCommand } from '@aws-sdk/client-s3';
import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import type { Access } from '#infra/local/access/access.ts';
import type { Clients } from '#infra/local/clients.ts';
import { streamArn } from '#infra/local/template/arns.ts';
import type { Description, QueueSource, StreamSource } from '#infra/local/template/description.ts';
import { TemplateError } from '#infra/local/template/template-error.ts';

export type MappingRules = { clients: Clients; access: Access; queueUrl: (name: string) => string };

/**
 * What Lambda makes sure of before it takes an event source mapping on, and does as the function's role: a mapping that it
 * would refuse is refused here. Throws TemplateError, or the refusal of the service.
 */
export async function checkMappings(description: Description, rules: MappingRules): Promise<void> {
  const { streamSources, queueSources } = description;
  await Promise.all([
    ...streamSources.map((source) => checkStream(source, rules)),
    ...queueSources.map((source) => checkQueue(source, description, rules)),
  ]);
}

/** The embedded runtime reads the stream from within the process, so what Lambda calls for it is only asked for. */
const readingStreams = ['ListStreams', 'DescribeStream', 'GetShardIterator', 'GetRecords'];

async function checkStream(source: StreamSource, { clients, access }: MappingRules): Promise<void> {
  const { function: reader, table, failureBucket } = source;
  for (const action of readingStreams) {
    if (access.may(reader, { action: `dynamodb:${action}`, resource: streamArn(table) })) continue;
    throw new TemplateError(`${source.name}: ${reader} may not ${action} of the stream of ${table}`);
  }
  if (failureBucket === null) return;
  await clients.actAs(reader).s3.send(new HeadBucketCommand({ Bucket: failureBucket }));
}

/** A message must stay hidden for at least as long as the function may take for it. */
async function checkQueue(
  { name, queue, function: reader }: QueueSource,
  { functions }: Description,
  { clients, queueUrl }: MappingRules,
): Promise<void> {
  const asked = { QueueUrl: queueUrl(queue), AttributeNames: ['VisibilityTimeout' as const] };
  const { Attributes } = await clients.actAs(reader).sqs.send(new GetQueueAttributesCommand(asked));
  const timeoutMs = functions.find((one) => one.name === reader)?.timeoutMs ?? 0;
  if (Number(Attributes?.VisibilityTimeout) * 1000 < timeoutMs)
    throw new TemplateError(`${name}: the visibility timeout of ${queue} is less than the timeout of ${reader}`);
}
