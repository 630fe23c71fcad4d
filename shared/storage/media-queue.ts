import { ChangeMessageVisibilityCommand, SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { MediaJob } from '#shared/domain/media-job.ts';

/** The queue of one provider's copy jobs. */
export type MediaQueue = { client: SQSClient; url: string };

export const openMediaQueue = (url: string, client = newClient()): MediaQueue => ({ client, url });

/** Asks the region's address and not the one in the queue's URL, which on one machine is not where SQS stands. */
const newClient = (): SQSClient => new SQSClient({ useQueueUrlAsEndpoint: false });

/** Entries that one SendMessageBatch takes. */
const entryLimit = 10;

/** Sends all jobs, to be received after `delaySeconds` (0 to 900). Throws where the queue refuses one twice. */
export async function sendJobs(queue: MediaQueue, jobs: readonly MediaJob[], delaySeconds = 0): Promise<void> {
  const taken = await offerJobs(queue, jobs, delaySeconds);
  if (taken < jobs.length) throw new Error(`the media queue took ${taken} of ${jobs.length} jobs`);
}

/**
 * Sends jobs in their order until the queue refuses one twice. Gives how many of the first were taken; of those behind,
 * some may have been taken too.
 */
export async function offerJobs(queue: MediaQueue, jobs: readonly MediaJob[], delaySeconds = 0): Promise<number> {
  for (let i = 0; i < jobs.length; i += entryLimit) {
    const part = jobs.slice(i, i + entryLimit).map((job, n) => ({ job, place: i + n }));
    const refused = await refusedOf(queue, part, delaySeconds);
    const [first] = refused.length === 0 ? [] : await refusedOf(queue, refused, delaySeconds);
    if (first) return first.place;
  }
  return jobs.length;
}

/** Lets a message that failed come again after so many seconds: by itself it would after six times the function's time. */
export async function retryAfter({ client, url }: MediaQueue, receiptHandle: string, seconds: number): Promise<void> {
  const input = { QueueUrl: url, ReceiptHandle: receiptHandle, VisibilityTimeout: seconds };
  await client.send(new ChangeMessageVisibilityCommand(input));
}

type Placed = { job: MediaJob; place: number };

/** Sends these, and gives those that were refused: SendMessageBatch reports them in its answer and does not throw. */
async function refusedOf(
  { client, url }: MediaQueue,
  jobs: readonly Placed[],
  delaySeconds: number,
): Promise<Placed[]> {
  const Entries = jobs.map(({ job }, n) => ({ Id: String(n), MessageBody: encode(job), DelaySeconds: delaySeconds }));
  const { Failed = [] } = await client.send(new SendMessageBatchCommand({ QueueUrl: url, Entries }));
  const failed = new Set(Failed.map(({ Id }) => Id));
  return jobs.filter((_, n) => failed.has(String(n)));
}

/** JSON in ASCII: a key is the provider's text, and SQS refuses messages with some characters of Unicode. */
const encode = (job: MediaJob): string =>
  JSON.stringify(job).replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
