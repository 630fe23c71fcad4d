import { changesBetween } from '#shared/domain/changes.ts';
import { expectationOf } from '#shared/domain/expectation.ts';
import { extendHistory } from '#shared/domain/history.ts';
import { identify } from '#shared/domain/identity.ts';
import { mergeRecord, nextVersion } from '#shared/domain/merge.ts';
import { putVersion } from '#shared/storage/conversations.ts';
import type { Store } from '#shared/storage/document-client.ts';
import { minute } from './polling.ts';
import { epoch } from './records.ts';
import type { Toy, ToyRecord } from './toy-provider.ts';

/** Stores a toy's record with 21 versions of the last minutes before the epoch, each with a title of its own. */
export async function putRestless(store: Store, { connection, stream }: Toy, listed: ToyRecord): Promise<void> {
  const sentAt = epoch - 60 * minute;
  const expectation = expectationOf(connection, ['transcript']);
  const identity = identify('talkdesk', connection.id, listed.id);
  const seen = { ...stream.normalize({ listed, detail: null, sentAt }), sentAt };
  const merged = mergeRecord(null, seen, { identity, expectation, now: epoch });
  const versionOf = (version: number, previous: typeof merged.conversation | null) => {
    const titled = { ...merged, conversation: { ...merged.conversation, title: `old ${version}` } };
    return nextVersion(previous, titled, expectation, epoch - (22 - version) * minute);
  };
  let record = versionOf(1, null);
  let history = extendHistory(null, { conversation: record.conversation, cause: 'poll', changed: ['id'] });
  for (let version = 2; version <= 21; version++) {
    const next = versionOf(version, record.conversation);
    const changed = changesBetween(record.conversation, next.conversation, false);
    const known = { conversation: record.conversation, history };
    history = extendHistory(known, { conversation: next.conversation, cause: 'poll', changed });
    record = next;
  }
  await putVersion(store, record, 0, { history });
}
