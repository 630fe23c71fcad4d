import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import type { ChangeFeed } from '#infra/local/dynamodb/change-feed.ts';
import { startS3 } from '#infra/local/s3/start-s3.ts';
import { documentsOver, type Store } from '#shared/storage/document-client.ts';
import { type DatabaseCopy, openEmbedded, withoutCalls } from '#test/support/embedded-dynamodb.ts';
import { createEarshotTable } from '#test/support/table.ts';
import { gated } from './clients.ts';
import { type Prepared, putUp, takeDown } from './prepared.ts';

/** Where the data of one case rests. Its clients lead every call of a run through the gate of that run. */
export type Place = {
  store: Store;
  feed: ChangeFeed;
  /** what lies there now, for another case to begin with */
  takeDown: () => Promise<Prepared>;
};

/** The embedded endpoints of a test file: each case has a database and a bucket of its own. */
export type Machine = {
  /** a place as one was taken down, or an empty one */
  openPlace: (prepared?: Prepared) => Promise<Place>;
  close: () => Promise<void>;
};

const table = 'crash';
const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };

export async function startMachine(): Promise<Machine> {
  const dataDir = await mkdtemp(join(tmpdir(), 'earshot-crash-'));
  const s3 = await startS3({ dataDir, credentials });
  const objects = gated(objectsAt(s3.url));
  const empty: Prepared = { database: await emptyTable(), objects: [] };
  let cases = 0;
  return {
    openPlace: async (prepared = empty) => {
      cases += 1;
      const bucket = `crash-${cases}`;
      await objects.send(new CreateBucketCommand({ Bucket: bucket }));
      const database = await openEmbedded(prepared.database);
      const store: Store = { documents: documentsOver(gated(database.client())), table, objects, bucket };
      await putUp(store, prepared.objects);
      return { store, feed: database.feed, takeDown: async () => takeDown(store, await database.copy()) };
    },
    close: async () => {
      await s3.close();
      await rm(dataDir, { recursive: true });
    },
  };
}

async function emptyTable(): Promise<DatabaseCopy> {
  const database = await openEmbedded();
  await createEarshotTable(database.client(), table);
  return database.copy();
}

/** The embedded S3 asks for an Authorization header and does not look into it. */
const objectsAt = (endpoint: string): S3Client =>
  new S3Client({
    ...{ endpoint, region: 'us-east-1', forcePathStyle: true, maxAttempts: 1, credentials },
    logger: withoutCalls,
    signer: {
      sign: async (request) => Object.assign(request, { headers: { ...request.headers, authorization: 'unsigned' } }),
    },
  });
