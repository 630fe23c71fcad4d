import { CreateBucketCommand } from '@aws-sdk/client-s3';
import type { ChangeFeed } from '#infra/local/dynamodb/change-feed.ts';
import { documentsOver, type Store } from '#shared/storage/document-client.ts';
import { type DatabaseCopy, openEmbedded } from '#test/support/embedded-dynamodb.ts';
import { openEmbeddedS3 } from '#test/support/embedded-s3.ts';
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

export async function startMachine(): Promise<Machine> {
  const s3 = await openEmbeddedS3();
  const objects = gated(s3.client());
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
    close: s3.close,
  };
}

async function emptyTable(): Promise<DatabaseCopy> {
  const database = await openEmbedded();
  await createEarshotTable(database.client(), table);
  return database.copy();
}
