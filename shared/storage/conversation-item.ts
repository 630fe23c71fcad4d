import { isOpen } from '#shared/domain/artifact.ts';
import { type StoredConversation, type StoredRecord, storedConversationSchema } from '#shared/domain/conversation.ts';
import { RecordInvalid } from '#shared/domain/errors.ts';
import { conversationId, conversationUuid } from '#shared/domain/identity.ts';
import { itemAttributes as a, conversationSort, tableKeys } from '#shared/facts/table.ts';
import { pack, unpack } from './pack.ts';

/** Layout number of the items written now; readers accept every older one. */
const schema = 2;

/**
 * Bytes of a packed record above which it is not taken: DynamoDB's 400 KB hold for the item, and a list reads the record
 * of every row. A conversation's own facts need less than one of them; only endless metadata comes near.
 */
const recordLimitBytes = 64 * 1024;

/** Bytes of a record's text that no reader should have to unpack. */
const textLimitBytes = 2 * 1024 * 1024;

/** A conversation's item as the document client takes it. */
export type ConversationItem = Readonly<Record<string, unknown>>;

/** Where a transcript lies: packed in the item, or in the bucket when it is long. */
export type TranscriptPlace = { bytes: Buffer } | { object: string } | null;

/** What an item carries beside its record: each put carries it on. */
export type Carried = {
  /** what is known of its versions (shared/domain/history.ts) */
  history: string;
  /** the packs of its raw answers (shared/domain/raw-answer.ts) */
  packs: string;
  /** since when it is under a legal hold (shared/storage/holds.ts); empty where it is not */
  hold: string;
  /** the rows by participant that earlier versions had (shared/storage/former-rows.ts) */
  former: string;
};

export const conversationKey = (uuid: string) => ({ [tableKeys.partition]: uuid, [tableKeys.sort]: conversationSort });

/** Sort key of `byStart` and of participant rows. Without a start it begins with `-`, which sorts before every date. */
export const startKey = ({ startedAt, uuid }: Pick<StoredConversation, 'startedAt' | 'uuid'>): string =>
  `${startedAt ?? '-'}#${uuid}`;

/** The start that an item or a row of `byStart` stands under (milliseconds since 1970); NaN where it has none. */
export const startedAtOf = (item: ConversationItem): number => Date.parse(textOf(item[a.startKey]).split('#')[0] ?? '');

/**
 * The item of a conversation. `id`, `uuid` and `version` stand in keys and attributes, so the packed record omits them;
 * of `carried` what is empty is left out. Throws RecordInvalid where the record is larger than a list can carry.
 */
export function packConversation(
  record: StoredRecord,
  hash: Uint8Array,
  transcript: TranscriptPlace,
  { history = '', packs = '', hold = '', former = '' }: Partial<Carried> = {},
): ConversationItem {
  const { conversation } = record;
  const { uuid, version } = conversation;
  const open = Object.values(conversation.artifacts).some(({ state }) => isOpen(state));
  return {
    ...conversationKey(uuid),
    [a.schema]: schema,
    [a.connection]: conversation.connection,
    [a.startKey]: startKey(conversation),
    [a.updateKey]: `${conversation.updatedAt}#${uuid}`,
    ...(open ? { [a.dueConnection]: conversation.connection, [a.dueKey]: `${conversation.firstSeenAt}#${uuid}` } : {}),
    [a.version]: version,
    [a.hash]: hash,
    [a.record]: packRecord(JSON.stringify({ ...conversation, id: undefined, uuid: undefined, version: undefined })),
    ...(history === '' ? {} : { [a.history]: history }),
    ...(packs === '' ? {} : { [a.packs]: packs }),
    ...(hold === '' ? {} : { [a.hold]: hold }),
    ...(former === '' ? {} : { [a.formerRows]: former }),
    ...(transcript && 'bytes' in transcript ? { [a.transcript]: transcript.bytes } : {}),
    ...(transcript && 'object' in transcript ? { [a.transcriptObject]: transcript.object } : {}),
  };
}

function packRecord(text: string): Buffer {
  const bytes = text.length > textLimitBytes ? null : pack(text, 'record');
  if (!bytes || bytes.length > recordLimitBytes)
    throw new RecordInvalid([`record: expected at most ${recordLimitBytes} bytes packed`]);
  return bytes;
}

/** The conversation of an item or of an index row (both carry the packed record and the version). */
export function unpackRecord(item: ConversationItem): StoredConversation {
  const bytes = item[a.record];
  if (!(bytes instanceof Uint8Array)) throw new TypeError('item holds no packed record');
  const rest = JSON.parse(unpack(bytes, 'record'));
  const id = conversationId(rest.connection, rest.externalId);
  return storedConversationSchema.parse({ ...rest, id, uuid: conversationUuid(id), version: item[a.version] });
}

/** What an item keeps of its versions; empty in the first layout. */
export function historyOf(item: ConversationItem): string {
  return textOf(item[a.history]);
}

/** The packs that an item names; none of one that was stored before there were any. */
export const packsOf = (item: ConversationItem): string => textOf(item[a.packs]);

/** Since when a conversation is held; empty where it is not. */
export const holdOf = (item: ConversationItem): string => textOf(item[a.hold]);

/** The rows that earlier versions had, as `former-rows.ts` writes them. */
export const formerOf = (item: ConversationItem): string => textOf(item[a.formerRows]);

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
