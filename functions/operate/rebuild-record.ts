import { changesBetween } from '#shared/domain/changes.ts';
import type { Connection } from '#shared/domain/connections.ts';
import type { StoredRecord } from '#shared/domain/conversation.ts';
import { RecordInvalid } from '#shared/domain/errors.ts';
import { expectationOf } from '#shared/domain/expectation.ts';
import { readHistory } from '#shared/domain/history.ts';
import type { Observation } from '#shared/domain/observation.ts';
import { isWholeIn, namesIn, type PackName, readRawLine, uuidOfLine } from '#shared/domain/raw-answer.ts';
import { keepOurs, rebuild } from '#shared/domain/rebuild.ts';
import { writeVersion } from '#shared/ingest/write-version.ts';
import type { Connector } from '#shared/providers/connector.ts';
import { getKnown, hashOf, type KnownRecord } from '#shared/storage/conversations.ts';
import type { Store } from '#shared/storage/document-client.ts';

export type RebuildContext = {
  store: Store;
  connection: Connection;
  connector: Connector;
  /** the lines of a pack; null where it is not kept (any more) */
  linesOf: (pack: PackName) => Promise<string[] | null>;
  now: () => number;
  slowPutMs: number;
};

/** What became of a conversation, or would; with the names of what differs where it differs. */
export type Rebuilt =
  | { became: 'changed'; id: string; changed: string[] }
  | { became: 'unchanged' | 'missingPacks' | 'withoutRaw' | 'notUnderstood' | 'notFound' };

/** Writers that may be faster in a row before something must be wrong. */
const attemptLimit = 10;

/** `since`: when the operation was begun (milliseconds since 1970). What it has written before a stop counts as changed. */
export type RebuildOptions = { dryRun: boolean; since: number };

/** Builds one record anew from its raw answers, and writes what differs as a version. */
export async function rebuildRecord(
  context: RebuildContext,
  uuid: string,
  { dryRun, since }: RebuildOptions,
): Promise<Rebuilt> {
  for (let attempt = 0; attempt < attemptLimit; attempt++) {
    const known = await getKnown(context.store, uuid);
    if (!known || 'end' in known || known.record.conversation.connection !== context.connection.id) {
      return { became: 'notFound' };
    }
    const record = await rebuiltOf(context, known);
    if (typeof record === 'string') return { became: record };
    if (hashOf(record).hash.equals(known.hash))
      return (!dryRun && writtenSince(known, since)) || { became: 'unchanged' };
    if (dryRun || (await write(context, known, record))) {
      const { conversation } = known.record;
      return { became: 'changed', id: conversation.id, changed: differencesOf(known.record, record) };
    }
  }
  throw new Error(`${uuid}: lost ${attemptLimit} races for one version`);
}

function writtenSince({ record: { conversation }, history }: KnownRecord, since: number): Rebuilt | null {
  const newest = readHistory({ conversation, history }).at(-1);
  if (newest?.cause !== 'reprocess' || Date.parse(newest.at) < since) return null;
  return { became: 'changed', id: conversation.id, changed: [...newest.changed] };
}

async function rebuiltOf(
  { connection, connector, linesOf, now }: RebuildContext,
  { record, packs }: KnownRecord,
): Promise<StoredRecord | 'missingPacks' | 'withoutRaw' | 'notUnderstood'> {
  if (!isWholeIn(packs)) return 'withoutRaw';
  const { conversation } = record;
  const lines: string[] = [];
  for (const name of namesIn(packs)) {
    const own = (await linesOf(name))?.filter((line) => uuidOfLine(line) === conversation.uuid) ?? [];
    if (own.length === 0) return 'missingPacks';
    lines.push(...own);
  }
  const answers = observationsOf(connector, lines);
  const { id, uuid, provider, externalId } = conversation;
  const rebuilt =
    answers &&
    rebuild(answers, {
      identity: { id, uuid, provider, connection: connection.id, externalId },
      expectation: expectationOf(connection, connector.promised),
      now: now(),
    });
  return rebuilt ? keepOurs(record, rebuilt) : 'notUnderstood';
}

/** Null where one of them is not understood. */
function observationsOf({ streams }: Connector, lines: readonly string[]): Observation[] | null {
  try {
    return lines.map(readRawLine).map(({ stream: name, listed, detail, sentAt }) => {
      const stream = streams.find((one) => one.name === name);
      if (!stream) throw new RecordInvalid([`stream: expected one of ${streams.map((one) => one.name).join(', ')}`]);
      return { ...stream.normalize({ listed, detail, sentAt }), sentAt };
    });
  } catch (error) {
    if (error instanceof RecordInvalid) return null;
    throw error;
  }
}

/** False where the record has moved meanwhile, perhaps by an answer that was not seen here. */
async function write(
  { store, connection, connector, now, slowPutMs }: RebuildContext,
  { record: { conversation } }: KnownRecord,
  record: StoredRecord,
): Promise<boolean> {
  const expectation = expectationOf(connection, connector.promised);
  let moved = false;
  await writeVersion({ store, now, slowPutMs, expectation, cause: 'reprocess' }, conversation.uuid, true, (current) => {
    moved = current?.conversation.version !== conversation.version;
    return moved ? null : record;
  });
  return !moved;
}

const differencesOf = (before: StoredRecord, after: StoredRecord): string[] =>
  changesBetween(
    before.conversation,
    after.conversation,
    !hashOf({ ...before, conversation: after.conversation }).hash.equals(hashOf(after).hash),
  );
