import { S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll } from 'vitest';
import type { StoredConversation } from '#shared/domain/conversation.ts';
import type { Transcript } from '#shared/domain/transcript.ts';
import { putVersion } from '#shared/storage/conversations.ts';
import { documentsOver, type Store } from '#shared/storage/document-client.ts';
import { type TestDynamodb, testDynamodb } from '#test/support/dynamodb.ts';
import { epoch, recordOf } from '#test/support/records.ts';
import { type HttpAnswer, lookupOver, type TestLookup } from './lookup-harness.ts';

/** A table with the lookup over it, opened before the tests of a file and closed behind them. */

let database: TestDynamodb;
export let store: Store;
export let lookup: TestLookup;
export const clock = { now: epoch };

/** To be called once by a test file: opens all this before its tests and closes it behind them. */
export function setUpLookupTable(): void {
  beforeAll(async () => {
    clock.now = epoch;
    database = await testDynamodb();
    const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
    const objects = new S3Client({ region: 'us-east-1', credentials });
    store = { documents: documentsOver(database.client), table: database.table, objects, bucket: 'b' };
    lookup = lookupOver(store, clock);
  });
  afterAll(() => database.close());
}

/** Stores a conversation of a connection, its fields as given. */
export async function put(
  connection: string,
  externalId: string,
  given: Partial<StoredConversation> = {},
  transcript: Transcript | null = null,
): Promise<StoredConversation> {
  const record = recordOf(externalId, {}, epoch, connection);
  const conversation = { ...record.conversation, ...given };
  await putVersion(store, { conversation, transcript }, 0);
  return conversation;
}

/** A GET by a client of the connections file. */
export async function get(target: string, client = 'crm', headers: Record<string, string> = {}): Promise<HttpAnswer> {
  return lookup.get(target, await lookup.token(client), headers);
}
