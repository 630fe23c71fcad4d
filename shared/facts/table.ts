/**
 * The one table. Every item has the key (pk, sk); a conversation's item also carries the index keys below.
 * Both the stacks and the functions read these names, so this file imports nothing.
 */
export const tableKeys = { partition: 'pk', sort: 'sk' } as const;

/** Attribute names of a conversation item. Short, because an item is billed by the started KB. */
export const itemAttributes = {
  /** connection id: partition key of the time indexes */
  connection: 'cn',
  /** `<startedAt>#<uuid>`: sort key of `byStart` */
  startKey: 'st',
  /** `<updatedAt>#<uuid>`: sort key of `byUpdate` */
  updateKey: 'up',
  /** connection id while an artifact is pending, else absent: partition key of the sparse `byDue` */
  dueConnection: 'dc',
  /** `<firstSeenAt>#<uuid>`: sort key of `byDue` */
  dueKey: 'du',
  /** the packed record (bytes) */
  record: 'r',
  /** the packed transcript (bytes), when it fits */
  transcript: 't',
  /** where the packed transcript lies in the bucket, when it does not fit */
  transcriptObject: 'to',
  /** hash of the content (16 bytes): equal means no new version */
  hash: 'h',
  /** the version number */
  version: 'v',
  /** schema number of the item's layout */
  schema: 'm',
  /** what each version changed and why it came, as text (shared/domain/history.ts); absent before layout 2 */
  history: 'hi',
  /** there while the conversation is under a legal hold: since when */
  hold: 'ho',
  /** rows by participant that earlier versions had and this one has not: each bears a marker for a while */
  formerRows: 'fp',
  /** the packs of the raw answers that it was made of (shared/domain/raw-answer.ts); absent of what was never packed */
  packs: 'rw',
} as const;

/** Attribute names of what stands in a conversation's place once it is erased or expired; it has no index keys. */
export const tombstoneAttributes = {
  /** `erased` or `expired` */
  end: 'x',
  at: 'at',
  /** id of the operation that did it */
  operation: 'op',
  provider: 'provider',
  connection: 'connection',
  externalId: 'externalId',
  /** what is still to be removed of the conversation, as text; absent when it is done (shared/storage/remains.ts) */
  remains: 'lf',
} as const;

export const indexes = {
  byStart: { name: 'byStart', partition: itemAttributes.connection, sort: itemAttributes.startKey },
  byUpdate: { name: 'byUpdate', partition: itemAttributes.connection, sort: itemAttributes.updateKey },
  byDue: { name: 'byDue', partition: itemAttributes.dueConnection, sort: itemAttributes.dueKey },
} as const;

/** What the two time indexes carry beside the keys, so that a list page is one query and no second read. */
export const projectedAttributes = [itemAttributes.record, itemAttributes.version] as const;

/** Sort key of a conversation's item; its partition key is the conversation's uuid. */
export const conversationSort = 'conversation';

/** Partition of all stream items (checkpoint, lease and health of one connection's stream each). */
export const streamsPartition = 'streams';

/** Partition of all counts of calls; sort key `<client>#<minute>`. */
export const callsPartition = 'calls';

/**
 * Partitions of the rows by which a conversation is found under a phone, an e-mail or an id of its participants:
 * `participant#<connection>#<hash of the key>`; sort key `<startedAt or ->#<uuid>`. A row carries the record and the
 * version, as a row of the time indexes does; one without a record only says that nothing is there any more.
 */
export const participantPrefix = 'participant#';

/** Attribute of a participant row beside record and version: the record's `updatedAt`. */
export const rowStamp = 'ua';

/** Partitions of the operations of a kind: `operations#<kind>`; the sort key is the operation's id. */
export const operationsPrefix = 'operations#';

/** Partitions of operations that wait for the polls of their connection: `waiting#<connection>`; sort key `<kind>#<id>`. */
export const waitingPrefix = 'waiting#';

/** Partitions of the names of requests that have one operation each: `named#<kind>`; sort key the name. */
export const namedPrefix = 'named#';

/** Partitions of what was seen of a provider that our schemas do not know: `drift#<connection>`; sort key a field path. */
export const driftPrefix = 'drift#';

/**
 * Partitions of conversations whose newest state waits for its time: `held#<connection>`; sort key the uuid. Kept for a
 * while behind that, for who was told of them when.
 */
export const heldPrefix = 'held#';

/** Partitions of the quarantined records of a connection: `quarantine#<connection>`; the sort key begins with the stream. */
export const quarantinePrefix = 'quarantine#';

/** Partitions of deliveries that were worked off: `delivery#<connection>`; sort key the delivery's key. */
export const deliveryPrefix = 'delivery#';

/** Attribute of a stream's item while its newest write moved the connection's state: the number of the change. */
export const stateChange = 'change';

/** When DynamoDB may drop an item: seconds since 1970. */
export const timeToLive = 'ttl';

/** Partitions of the ledger's hours: `ledger#<connection>`; sort key the hour in UTC, `2026-03-02T09`. */
export const ledgerPrefix = 'ledger#';

/** Attribute of an hour's row that counts what is told of it: publish tells a write that moved it. */
export const hourReading = 'reading';
