import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { LambdaFunctionURLEvent } from 'aws-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import * as z from 'zod';
import { openAccounts } from '#functions/webhook/accounts.ts';
import { openInbox } from '#functions/webhook/inbox.ts';
import { openJudge } from '#functions/webhook/judge.ts';
import { serveWebhooks } from '#functions/webhook/serve.ts';
import { connectionsFileSchema } from '#shared/domain/connections.ts';
import { type InboxJob, inboxJobSchema } from '#shared/domain/delivery.ts';
import { findConnector } from '#shared/providers/registry.ts';
import { openJobQueue } from '#shared/storage/job-queue.ts';
import { secretsManager } from '#test/functions/lookup/access-secrets.ts';

/** The webhook function as Lambda runs it, over a queue, a bucket and secrets that a test can stop. */

export const start = Date.parse('2026-03-02T10:00:00.000Z');

const answerSchema = z.object({ statusCode: z.number(), headers: z.record(z.string(), z.string()), body: z.string() });
export type Answer = z.infer<typeof answerSchema>;

export type Post = {
  method?: string;
  headers?: Record<string, string>;
  body?: string | Uint8Array;
  /** as Lambda hands over bodies that are no text to it */
  base64?: boolean;
};

export type World = ReturnType<typeof openWorld>;

export function openWorld(connections: readonly object[], secretValues: Readonly<Record<string, string>>) {
  const clock = { now: start };
  const manager = secretsManager(
    Object.fromEntries(Object.entries(secretValues).map(([name, current]) => [name, { current }])),
  );
  const file = connectionsFileSchema.parse({
    connections: connections.map((one) => ({ credentials: { secret: 'not/for/webhooks' }, ...one })),
  });
  const jobs: InboxJob[] = [];
  const objects = new Map<string, string>();
  const sqs = new SQSClient({ region: 'us-east-1' });
  const s3 = new S3Client({ region: 'us-east-1' });
  const [queue, bucket] = [mockClient(sqs), mockClient(s3)];
  queue.on(SendMessageBatchCommand).callsFake(({ Entries }: { Entries: { MessageBody: string }[] }) => {
    jobs.push(...Entries.map(({ MessageBody }) => inboxJobSchema.parse(JSON.parse(MessageBody))));
    return {};
  });
  bucket.on(PutObjectCommand).callsFake(({ Key, Body }: { Key: string; Body: string }) => {
    objects.set(Key, Body);
    return {};
  });

  const queues = file.connections.map(
    ({ provider }) => [provider, openJobQueue('https://queues.example/q', sqs)] as const,
  );
  /** one more instance of the function, with memory of its own */
  const instance = () => {
    const serve = serveWebhooks({
      find: openAccounts(file.connections, findConnector),
      judge: openJudge(manager.open(() => clock.now)),
      keep: openInbox({ objects: s3, bucket: 'bucket' }, new Map(queues)),
      now: () => clock.now,
    });
    return async (path: string, post: Post = {}): Promise<Answer> =>
      answerSchema.parse(await serve(eventOf(path, post)));
  };
  return { clock, manager, jobs, objects, queue, bucket, instance, post: instance() };
}

function eventOf(path: string, { method = 'POST', headers = {}, body, base64 = false }: Post): LambdaFunctionURLEvent {
  const [rawPath = '', rawQueryString = ''] = path.split('?');
  const event = {
    version: '2.0',
    rawPath,
    rawQueryString,
    headers,
    requestContext: { http: { method, path: rawPath } },
    ...(body !== undefined && { body: Buffer.from(body).toString(base64 ? 'base64' : 'utf8') }),
    isBase64Encoded: base64,
  };
  return event as unknown as LambdaFunctionURLEvent; // the fields that a function of ours reads
}
