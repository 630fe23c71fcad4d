import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import { request } from 'undici';
import * as z from 'zod';
import { documentsOver } from '#shared/storage/document-client.ts';
import { testDynamodbClient } from '#test/support/dynamodb.ts';
import { createEarshotTable } from '#test/support/table.ts';
import { runChild, startChild } from './children.ts';
import { storeConversation } from './media-conversation.ts';
import { benchHref } from './media-provider.ts';
import { median, type Row } from './row.ts';

const [small, large] = [1024 ** 2, 1024 ** 3];
const usedSchema = z.object({ bytes: z.number(), peakRssMb: z.number() });

/** Peak memory of copying a long recording beyond that of a short one, each copied in a fresh process. */
export async function mediaMemory(): Promise<(Omit<Row, 'unit'> & { unit: 'MB' })[]> {
  const folder = await mkdtemp(join(tmpdir(), 'earshot-bench-'));
  const [provider, bucket, dynamodb] = await Promise.all([
    startChild('./media-provider-process.ts'),
    startChild('./media-bucket-process.ts'),
    startChild('../support/dynamodb-process.ts', folder),
  ]);
  const client = testDynamodbClient(dynamodb.url);
  await createEarshotTable(client, 'bench');
  const store = {
    documents: documentsOver(client),
    table: 'bench',
    objects: new S3Client({ region: 'us-east-1' }),
    bucket: 'bench',
  };
  const rounds: { small: number; large: number }[] = [];
  for (let round = 0; round < 3; round++) {
    const ofLength = async (length: number): Promise<number> => {
      const uuid = await storeConversation(store, `${length}-${round}`);
      return peakMb([uuid, benchHref(provider.url, length), dynamodb.url, bucket.url], length);
    };
    rounds.push({ small: await ofLength(small), large: await ofLength(large) });
  }
  client.destroy();
  for (const child of [provider, bucket, dynamodb]) child.stop();
  await rm(folder, { recursive: true });
  const [peakMbSmall, peakMbLarge] = [
    median(rounds.map((each) => each.small)),
    median(rounds.map((each) => each.large)),
  ];
  return [
    {
      what: 'peak memory (RSS) of copying a recording of 1 GB, beyond that of one of 1 MB',
      floor: 'one of 1 MB; medians of three each',
      value: peakMbLarge - peakMbSmall,
      unit: 'MB',
      target: 48,
      aim: 16,
      rounds: rounds.map((each) => each.large - each.small),
      facts: { peakMbSmall, peakMbLarge },
    },
  ];
}

/** Provider, table and bucket each have a process of their own: what is measured is the copying alone. */
async function peakMb(args: readonly [string, string, string, bucketUrl: string], length: number): Promise<number> {
  const before = await receivedBy(args[3]);
  const { bytes, peakRssMb } = usedSchema.parse(JSON.parse(await runChild('./media-memory-process.ts', ...args)));
  const received = (await receivedBy(args[3])) - before;
  if (bytes !== length || received !== length) throw new Error(`copied ${bytes}, put ${received} of ${length} bytes`);
  return peakRssMb;
}

const receivedBy = async (bucketUrl: string): Promise<number> => Number(await (await request(bucketUrl)).body.text());
