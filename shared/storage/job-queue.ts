import { ChangeMessageVisibilityCommand, SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';

/** A queue of jobs of one kind; a job is what its schema in the domain says. */
export type JobQueue = { client: SQSClient; url: string };

export type Job = Readonly<Record<string, unknown>>;

export const openJobQueue = (url: string, client = newClient()): JobQueue => ({ client, url });

/** Asks the region's address and not the one in the queue's URL, which on one machine is not where SQS stands. */
const newClient = (): SQSClient => new SQSClient({ useQueueUrlAsEndpoint: false });

/** Entries that one SendMessageBatch takes. */
const entryLimit = 10;

/** Sends all jobs, to be received after `delaySeconds` (0 to 900). Throws where the queue refuses one twice. */
export async function sendJobs(queue: JobQueue, jobs: readonly Job[], delaySeconds = 0): Promise<void> {
  const taken = await offerJobs(queue, jobs, delaySeconds);
  if (taken < jobs.length) throw new Error(`the queue took ${taken} of ${jobs.length} jobs`);
}

/**
 * Sends jobs in their order until the queue refuses one twice. Gives how many of the first were taken; of those behind,
 * some may have been taken too.
 */
export async function offerJobs(queue: JobQueue, jobs: readonly Job[], delaySeconds = 0): Promise<number> {
  for (let i = 0; i < jobs.length; i += entryLimit) {
    const part = jobs.slice(i, i + entryLimit).map((job, n) => ({ job, place: i + n }));
    const refused = await refusedOf(queue, part, delaySeconds);
    const [first] = refused.length === 0 ? [] : await refusedOf(queue, refused, delaySeconds);
    if (first) return first.place;
  }
  return jobs.length;
}

/** Lets a message that failed come again after so many seconds: by itself it would after six times the function's time. */
export async function retryAfter({ client, url }: JobQueue, receiptHandle: string, seconds: number): Promise<void> {
  const input = { QueueUrl: url, ReceiptHandle: receiptHandle, VisibilityTimeout: seconds };
  await client.send(new ChangeMessageVisibilityCommand(input));
}

type Placed = { job: Job; place: number };

/** Sends these, and gives those that were refused: SendMessageBatch reports them in its answer and does not throw. */
async function refusedOf({ client, url }: JobQueue, jobs: readonly Placed[], delaySeconds: number): Promise<Placed[]> {
  const Entries = jobs.map(({ job }, n) => ({ Id: String(n), MessageBody: encode(job), DelaySeconds: delaySeconds }));
  const { Failed = [] } = await client.send(new SendMessageBatchCommand({ QueueUrl: url, Entries }));
  const failed = new Set(Failed.map(({ Id }) => Id));
  return jobs.filter((_, n) => failed.has(String(n)));
}

/** Bytes of a job on its way, of which SQS takes 256 KiB in one request. */
export const bytesOf = (job: Job): number => encode(job).length;

/** JSON in ASCII: a job may hold a provider's text, and SQS refuses messages with some characters of Unicode. */
const encode = (job: Job): string =>
  JSON.stringify(job).replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
