import * as z from 'zod';
import type { Connection } from '#shared/domain/connections.ts';
import { ConfigInvalid } from '#shared/domain/errors.ts';
import {
  mostChanges,
  noResult,
  type ReprocessRequest,
  type ReprocessResult,
  reprocessRequest,
  reprocessResult,
} from '#shared/domain/operation-reprocess.ts';
import type { PackName } from '#shared/domain/raw-answer.ts';
import type { Connector } from '#shared/providers/connector.ts';
import { countConversations, countQuarantined } from '#shared/storage/count-rows.ts';
import { listConversations } from '#shared/storage/list-conversations.ts';
import type { Saved } from '#shared/storage/operation-lease.ts';
import { readPack } from '#shared/storage/raw-packs.ts';
import { listQuarantined } from '#shared/storage/read-quarantine.ts';
import { type RebuildContext, type Rebuilt, rebuildRecord } from './rebuild-record.ts';
import { restoreQuarantined, type Wants } from './restore-quarantined.ts';
import type { Runner, Task, Work } from './runner.ts';
import { uuidOf } from './wanted-ids.ts';

export type ReprocessContext = Pick<RebuildContext, 'store' | 'now' | 'slowPutMs'> & {
  connections: () => readonly Connection[];
  connectorOf: (provider: string) => Connector | undefined;
};

/** Rows of a list that are read at a time. */
const chunkRows = 100;

/** Packs in memory at a time: conversations that began together often came in one. */
const keptPacks = 8;

const placeSchema = z.object({
  /** conversations first, then quarantined records */
  part: z.enum(['conversations', 'quarantine']),
  /** the last one that is done, by its place in its list; null before the first */
  after: z.string().nullable(),
  done: z.int(),
  total: z.int(),
  /** when it was begun (milliseconds since 1970) */
  begunAt: z.number(),
  result: reprocessResult,
});
type Place = Readonly<z.infer<typeof placeSchema>>;

/** Builds the records of a connection anew from their raw answers, then reads again what is quarantined of it. */
export const reprocessRunner =
  (context: ReprocessContext): Runner =>
  (task) =>
    reprocess(context, task);

async function* reprocess(context: ReprocessContext, { operation, place }: Task): Work {
  const request = reprocessRequest.parse(operation.request);
  const { dryRun = false } = request;
  const rebuilding = rebuildContextOf(context, request.connection);
  let at: Place = place === null ? await firstPlace(context, request) : placeSchema.parse(place);
  const save = (): Saved => saved(at, context.now());
  if (place === null) yield save();

  if (at.part === 'conversations') {
    for await (const { uuid, after } of wantedConversations(rebuilding, request, at.after)) {
      const rebuilt = await rebuildRecord(rebuilding, uuid, { dryRun, since: at.begunAt });
      at = { ...at, after, done: at.done + 1, result: withRebuilt(at.result, rebuilt) };
      yield save();
    }
    at = { ...at, part: 'quarantine', after: null };
    yield save();
  }
  const wants = wantsOf(request);
  for await (const entry of quarantinedBehind(rebuilding, at.after)) {
    const restored = await restoreQuarantined(rebuilding, entry, wants, dryRun);
    const result =
      restored.became === 'restored'
        ? withChange({ ...at.result, restored: at.result.restored + 1 }, { id: restored.id, changed: [] })
        : { ...at.result, quarantined: at.result.quarantined + (restored.became === 'quarantined' ? 1 : 0) };
    at = { ...at, after: entry.sk, done: at.done + 1, result };
    yield save();
  }
  return { progress: { done: at.done, total: at.done }, result: at.result };
}

function rebuildContextOf({ connections, connectorOf, ...context }: ReprocessContext, id: string): RebuildContext {
  const connection = connections().find((one) => one.id === id);
  const connector = connection && connectorOf(connection.provider);
  if (!connection || !connector) throw new ConfigInvalid([`connection ${id} is not in this function's connections`]);
  const kept = new Map<PackName, string[] | null>();
  const linesOf = async (name: PackName): Promise<string[] | null> => {
    const lines = kept.has(name) ? (kept.get(name) ?? null) : await readPack(context.store, id, name);
    kept.delete(name);
    kept.set(name, lines);
    const [oldest] = kept.keys();
    if (kept.size > keptPacks && oldest !== undefined) kept.delete(oldest);
    return lines;
  };
  return { ...context, connection, connector, linesOf };
}

async function firstPlace({ store, now }: ReprocessContext, { connection, ids }: ReprocessRequest): Promise<Place> {
  const conversations = ids?.length ?? (await countConversations(store, connection)).count;
  const total = conversations + (await countQuarantined(store, connection)).count;
  return { part: 'conversations', after: null, done: 0, total, begunAt: now(), result: noResult };
}

type Wanted = { uuid: string; after: string };

async function* wantedConversations(
  { store, connection }: RebuildContext,
  { ids, from, to }: ReprocessRequest,
  after: string | null,
): AsyncGenerator<Wanted> {
  if (ids) {
    const uuids = [...new Set(ids.map(uuidOf))].sort();
    for (const uuid of uuids) if (after === null || uuid > after) yield { uuid, after: uuid };
    return;
  }
  const list = { index: 'byStart', order: 'asc', connections: [connection.id], from, to, limit: chunkRows } as const;
  for (let place = after; ; ) {
    const { conversations, next } = await listConversations(store, { ...list, after: place });
    for (const { uuid, startedAt } of conversations) yield { uuid, after: `${startedAt ?? '-'}#${uuid}` };
    if (next === null) return;
    place = next;
  }
}

async function* quarantinedBehind({ store, connection }: RebuildContext, after: string | null) {
  for (let place = after; ; ) {
    const { entries, next } = await listQuarantined(store, connection.id, { after: place, limit: chunkRows });
    yield* entries;
    if (next === null) return;
    place = next;
  }
}

function wantsOf({ ids, from, to }: ReprocessRequest): Wants {
  const wanted = ids && new Set(ids.map(uuidOf));
  return ({ uuid, startedAt }) => {
    if (wanted) return wanted.has(uuid);
    if (from === undefined && to === undefined) return true;
    return startedAt !== null && startedAt >= (from ?? '') && (to === undefined || startedAt < to);
  };
}

function withRebuilt(result: ReprocessResult, rebuilt: Rebuilt): ReprocessResult {
  if (rebuilt.became !== 'changed') return { ...result, [rebuilt.became]: result[rebuilt.became] + 1 };
  return withChange(result, { id: rebuilt.id, changed: rebuilt.changed });
}

const withChange = (result: ReprocessResult, change: ReprocessResult['changes'][number]): ReprocessResult => ({
  ...result,
  count: result.count + 1,
  changes: [...result.changes, change].slice(0, mostChanges),
});

function saved(place: Place, now: number): Saved {
  const total = Math.max(place.total, place.done);
  const each = place.done === 0 ? null : (now - place.begunAt) / place.done;
  const estimateSeconds = each === null ? null : Math.ceil(((total - place.done) * each) / 1_000);
  return { progress: { done: place.done, total }, estimateSeconds, place };
}
