import type { RootDb, RootOperation } from './dynalite.ts';
import { lastSequenceKey, prefixes } from './rows.ts';
import { formatSequence, type StreamRecord } from './stream-record.ts';

export type Commit = {
  table: string;
  operations: readonly RootOperation[];
  /** the stream's entry of this change, once its sequence number is known */
  record(sequence: string): StreamRecord | null;
};

export type CommitQueue = {
  /** Resolves when the change and its stream entry are in the database, both or neither. */
  commit(change: Commit): Promise<void>;
};

type Waiting = Commit & { done(): void; failed(error: unknown): void };

/**
 * All changes of items go through here. What arrives while a batch is being written is written together in the next
 * one. Never are two batches under way, so a reader who has seen an entry has missed none with a lower number.
 */
export async function openCommitQueue(root: RootDb, committed: (table: string) => void): Promise<CommitQueue> {
  let last = (await root.get<number>(lastSequenceKey)) ?? 0;
  let waiting: Waiting[] = [];
  let writing = false;

  function operationsOf(change: Commit): RootOperation[] {
    const sequence = formatSequence(last + 1);
    const record = change.record(sequence);
    if (record === null) return [...change.operations];
    last += 1;
    return [...change.operations, { type: 'put', key: prefixes.feed(change.table) + sequence, value: record }];
  }

  async function writeGroup(group: readonly Waiting[]): Promise<void> {
    try {
      const operations = group.flatMap(operationsOf);
      await root.batch([...operations, { type: 'put', key: lastSequenceKey, value: last }]);
    } catch (error) {
      for (const change of group) change.failed(error);
      return;
    }
    for (const change of group) change.done();
    for (const table of new Set(group.map((change) => change.table))) committed(table);
  }

  async function writeAll(): Promise<void> {
    writing = true;
    while (waiting.length > 0) {
      const group = waiting;
      waiting = [];
      await writeGroup(group);
    }
    writing = false;
  }

  return {
    commit(change) {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      waiting.push({ ...change, done: resolve, failed: reject });
      if (!writing) void writeAll();
      return promise;
    },
  };
}
