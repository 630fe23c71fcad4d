import { getRecord } from '#shared/storage/conversations.ts';
import type { Store } from '#shared/storage/document-client.ts';
import { putTombstone, type Tombstone } from '#shared/storage/tombstones.ts';
import { epoch } from './records.ts';

/** Puts a tombstone in the place of a stored conversation, as an erasure does it first of all. */
export async function eraseRecord(store: Store, uuid: string): Promise<Tombstone> {
  const known = await getRecord(store, uuid);
  if (!known) throw new TypeError(`nothing is stored under ${uuid}`);
  const { id, provider, connection, externalId, version } = known.record.conversation;
  const stone: Tombstone = {
    ...{ id, uuid, provider, connection, externalId },
    version: version + 1,
    end: 'erased',
    at: new Date(epoch).toISOString(),
    operation: 'op-1',
    remains: '',
  };
  if (!(await putTombstone(store, stone, known.packs))) throw new Error('the tombstone was refused');
  return stone;
}
