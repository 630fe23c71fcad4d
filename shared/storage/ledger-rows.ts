import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { GetCommand, PutCommand, paginateQuery } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { artifactStates } from '#shared/domain/artifact.ts';
import { providerNames } from '#shared/domain/conversation.ts';
import type { ArtifactCounts } from '#shared/domain/hour-books.ts';
import { formatInstant } from '#shared/domain/instant.ts';
import { ledgerPrefix, tableKeys } from '#shared/facts/table.ts';
import type { Store } from './document-client.ts';

/** Layout number of the rows written now. */
const schema = 1;

const count = z.int().nonnegative();

/** An hour of a connection's ledger as its row holds it. */
const hourRowSchema = z.object({
  connection: z.string(),
  /** its beginning, milliseconds since 1970 */
  hour: z.number(),
  provider: z.enum(providerNames),
  /** counts what is told of the hour: each listing, and that gaps have closed */
  reading: z.int().positive(),
  /** when the listing began that the books rest on, and when they were computed; ISO 8601 UTC */
  verifiedAt: z.string(),
  computedAt: z.string(),
  ...{ listed: count, stored: count, quarantined: count, erased: count, expired: count, missingAtSource: count },
  artifacts: z.custom<ArtifactCounts>(),
  /** ids that are missing, as many as a row should hold */
  gaps: z.array(z.string()),
  /** the others lie with the hour's ids in the bucket */
  isCut: z.boolean().default(false),
  /** ids that lie in the bucket; 0: there is no object */
  ids: count,
  /** the gaps are told and have yet to be asked for */
  isOpen: z.boolean().default(false),
});
export type HourRow = z.infer<typeof hourRowSchema>;

type Table = Pick<Store, 'documents' | 'table'>;
export type HourPlace = Pick<HourRow, 'connection' | 'hour'>;

/** `2026-03-02T09` */
const sortOf = (hour: number): string => formatInstant(hour).slice(0, '2026-03-02T09'.length);

const keyOf = ({ connection, hour }: HourPlace) => ({
  [tableKeys.partition]: `${ledgerPrefix}${connection}`,
  [tableKeys.sort]: sortOf(hour),
});

/** Bytes of ids as JSON that a row holds: each KB of a row costs as much as a row. */
const longestGaps = 4_096;

/** The ids that a row holds, from the first on, and whether these are all. */
export function cutGaps(gaps: readonly string[]): Pick<HourRow, 'gaps' | 'isCut'> {
  let bytes = 2;
  const end = gaps.findIndex((id) => {
    bytes += Buffer.byteLength(JSON.stringify(id)) + 1;
    return bytes > longestGaps;
  });
  return { gaps: end === -1 ? [...gaps] : gaps.slice(0, end), isCut: end !== -1 };
}

/** States as numbers in a fixed order, which a new one ends: a name for each would be most of the row. */
const writeArtifacts = (artifacts: ArtifactCounts): string =>
  JSON.stringify(
    Object.entries(artifacts).map(([kind, states]) => [kind, ...artifactStates.map((state) => states[state] ?? 0)]),
  );

const artifactsSchema = z.array(z.tuple([z.string()], count));

export function readArtifacts(text: unknown): ArtifactCounts {
  const kinds = artifactsSchema.parse(JSON.parse(String(text)));
  return Object.fromEntries(
    kinds.map(([kind, ...counts]) => [
      kind,
      Object.fromEntries(artifactStates.flatMap((state, i) => (counts[i] ? [[state, counts[i]]] : []))),
    ]),
  );
}

/** The row of an item as plain values. */
export function toHourRow(item: Readonly<Record<string, unknown>>): HourRow {
  const connection = String(item[tableKeys.partition]).slice(ledgerPrefix.length);
  const hour = Date.parse(`${item[tableKeys.sort]}:00:00.000Z`);
  return hourRowSchema.parse({ ...item, connection, hour, artifacts: readArtifacts(item['artifacts']) });
}

export async function getHour({ documents, table }: Table, place: HourPlace): Promise<HourRow | null> {
  const { Item } = await documents.send(new GetCommand({ TableName: table, Key: keyOf(place), ConsistentRead: true }));
  return Item ? toHourRow(Item) : null;
}

/** The rows of the hours that begin in `[from, to)` (milliseconds since 1970), oldest first: one query a megabyte. */
export async function listHours(
  { documents, table }: Table,
  connection: string,
  { from, to }: { from: number; to: number },
  consistent = false,
): Promise<HourRow[]> {
  const rows: HourRow[] = [];
  if (from >= to) return rows;
  const input = {
    TableName: table,
    ConsistentRead: consistent,
    KeyConditionExpression: '#pk = :pk AND #sk BETWEEN :from AND :to',
    ExpressionAttributeNames: { '#pk': tableKeys.partition, '#sk': tableKeys.sort },
    ExpressionAttributeValues: {
      ':pk': `${ledgerPrefix}${connection}`,
      ':from': sortOf(from),
      ':to': sortOf(to - 1),
    },
  };
  for await (const { Items: items = [] } of paginateQuery({ client: documents }, input))
    rows.push(...items.map(toHourRow));
  return rows;
}

/**
 * Puts a row on top of the one that it was made from, null for none. False where another has come since: then what it
 * says is as good.
 */
export async function putHour({ documents, table }: Table, row: HourRow, previous: HourRow | null): Promise<boolean> {
  const { connection: _c, hour: _h, isCut, isOpen, ...facts } = row;
  const item = {
    ...keyOf(row),
    ...{ m: schema, ...facts, artifacts: writeArtifacts(row.artifacts) },
    ...(isCut && { isCut }),
    ...(isOpen && { isOpen }),
  };
  const condition = previous
    ? {
        ConditionExpression: 'reading = :reading AND computedAt = :computedAt',
        ExpressionAttributeValues: { ':reading': previous.reading, ':computedAt': previous.computedAt },
      }
    : { ConditionExpression: 'attribute_not_exists(pk)' };
  try {
    await documents.send(new PutCommand({ TableName: table, Item: item, ...condition }));
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}
