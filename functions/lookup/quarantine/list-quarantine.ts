import * as z from 'zod';
import { listQuarantined, type QuarantineEntry } from '#shared/storage/read-quarantine.ts';
import { openPosition, sealPosition } from '../access/position.ts';
import type { Call } from '../call.ts';
import { parseParameters, readQuery } from '../http/query-string.ts';
import { type Answer, jsonAnswer } from '../http/request.ts';
import { visibleConnections } from '../records/visible-connections.ts';
import { paging } from '../v1/page-parameters.ts';
import { quarantinedSchema } from './answer-quarantine.ts';
import { quarantineId } from './quarantine-id.ts';

export const quarantineParameters = z.strictObject({
  connection: z
    .string()
    .regex(/^[a-z0-9-]{1,40}$/, 'expected the id of a connection')
    .optional(),
  ...paging,
});

export const quarantinePageSchema = z.object({
  quarantined: z.array(quarantinedSchema),
  nextCursor: z.string().nullable(),
});

/** `GET /v1/quarantine`: connection by connection; what is not visible has none. */
export async function answerQuarantine(call: Call): Promise<Answer> {
  const { connection, cursor, limit } = parseParameters(quarantineParameters, readQuery(call.request.query));
  const query = { list: 'quarantine', connection };
  const after = await openPosition(call, cursor, query);
  const visible = (await visibleConnections(call)).map(({ id }) => id).sort();
  const wanted = connection === undefined ? visible : visible.filter((id) => id === connection);
  const { entries, next } = await readPage(call, wanted, after === null ? null : readPosition(after), limit);
  const quarantined = entries.map((entry) => ({ ...entry, id: quarantineId(entry) }));
  const nextCursor = await sealPosition(call, next && JSON.stringify(next), query);
  return jsonAnswer(quarantinePageSchema.parse({ quarantined, nextCursor }));
}

/** Behind this key of this connection; a key of '' is before the first. */
type Position = readonly [connection: string, sk: string];
const readPosition = (text: string): Position => z.tuple([z.string(), z.string()]).parse(JSON.parse(text));

/** Partitions that one request reads: with more of them, and nothing in most, a page is short. */
const mostPartitions = 50;

async function readPage(
  { lookup }: Call,
  connections: readonly string[],
  after: Position | null,
  limit: number,
): Promise<{ entries: QuarantineEntry[]; next: Position | null }> {
  const [first = '', behind = ''] = after ?? [];
  const left = connections.filter((id) => id >= first);
  const entries: QuarantineEntry[] = [];
  for (const connection of left.slice(0, mostPartitions)) {
    const from = connection === first && behind !== '' ? behind : null;
    const page = await listQuarantined(lookup.store, connection, { after: from, limit: limit + 1 - entries.length });
    entries.push(...page.entries);
    const shown = entries.slice(0, limit);
    const last = shown.at(-1);
    if (entries.length > limit && last) return { entries: shown, next: [last.connection, last.sk] };
    if (page.next !== null) return { entries: shown, next: [connection, page.next] };
  }
  const further = left[mostPartitions];
  return { entries, next: further === undefined ? null : [further, ''] };
}
