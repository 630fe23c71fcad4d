import { putVersion } from '#shared/storage/conversations.ts';
import type { Store } from '#shared/storage/document-client.ts';
import { recordOf } from '#test/support/records.ts';
import { benchFile } from './media-copy.ts';

/** Puts a conversation into the table whose one file is to be copied; gives its uuid. */
export async function storeConversation(store: Store, name: string): Promise<string> {
  const record = recordOf(name, { files: [benchFile] });
  if (!(await putVersion(store, record, 0))) throw new Error('a fresh key was refused');
  return record.conversation.uuid;
}
