import { isUnasked } from '#shared/domain/artifact.ts';
import type { Checkpoint } from '#shared/domain/checkpoint.ts';
import { NotAtProvider, ProviderUnavailable, RateLimited, RecordInvalid } from '#shared/domain/errors.ts';
import { withOverdue } from '#shared/domain/overdue.ts';
import type { Normalized } from '#shared/providers/connector.ts';
import { type Head, readHeads } from '#shared/storage/conversations.ts';
import { type DueRow, listOpen } from '#shared/storage/due.ts';
import { type IngestContext, recheckOffsets } from './context.ts';
import { amendStored, type Ingested, ingestAnswer } from './ingest-answer.ts';
import type { TimeLeft } from './time-left.ts';

/** One asking: when it is due, and whether the artifact counts as overdue when it is fruitless. */
type Due = DueRow & { dueAt: number; last: boolean };

/** Askings between two checkpoints: what a crash asks for again at most. */
const chunk = 25;

/** Askings in a row that may fail before the provider, and not a record, must be at fault. */
const failureLimit = 3;

/** How far the lane came: part of the checkpoint. */
export type DueReached = Partial<Pick<Checkpoint, 'dueAt' | 'unaskedSince'>>;

/**
 * The due lane: first what could not be asked for when it was stored, then every open artifact whose offset fell in
 * `(dueAt, now]`. What is due follows from when the conversation was first seen, so a fruitless asking writes nothing to
 * the record. `done` is told how far it came. Gives the number of records that changed.
 */
export async function readDue(
  context: IngestContext,
  time: TimeLeft,
  { dueAt, unaskedSince }: Pick<Checkpoint, 'dueAt' | 'unaskedSince'>,
  done: (reached: DueReached) => Promise<void>,
): Promise<number> {
  const now = context.now();
  const ask = asking(context);
  let changed = 0;
  const askFor = async (item: Due, head: Head): Promise<void> => {
    if ((await ask(item, head)) !== 'unchanged') changed += 1;
  };
  if (unaskedSince !== null) {
    const unasked = await listUnasked(context, unaskedSince, now);
    const askOnce = async (item: Due, head: Head): Promise<void> => {
      if (Object.values(head.conversation.artifacts).some(isUnasked)) await askFor(item, head);
    };
    const passed = await inChunks(context, time, unasked, askOnce, (reached) => done({ unaskedSince: reached + 1 }));
    if (!passed) return changed;
    await done({ unaskedSince: null });
  }
  const due = await listDue(context, dueAt, now);
  const passed = await inChunks(context, time, due, askFor, (reached) => done({ dueAt: reached }));
  if (passed) await done({ dueAt: now });
  return changed;
}

/**
 * Goes through the askings in order and tells how far it came: behind each chunk but the last, and where the budget
 * ends, so that the next run does not ask the same again. False where the time ended before the askings.
 */
async function inChunks(
  context: IngestContext,
  time: TimeLeft,
  items: readonly Due[],
  each: (item: Due, head: Head) => Promise<void>,
  done: (reached: number) => Promise<void>,
): Promise<boolean> {
  // Askings of one instant stand or fall together.
  const tell = async (last: Due | undefined, next: Due | undefined): Promise<void> => {
    if (last && next) await done(Math.min(next.dueAt - 1, last.dueAt));
  };
  for (let i = 0; i < items.length; i += chunk) {
    if (!time.enough()) return false;
    const part = items.slice(i, i + chunk);
    const heads = await readHeads(context.store, [...new Set(part.map(({ uuid }) => uuid))]);
    for (const [k, item] of part.entries()) {
      await context.keepLease();
      const head = heads.get(item.uuid);
      if (!head) continue;
      await each(item, head).catch(async (error: unknown) => {
        if (error instanceof RateLimited) await tell(items[i + k - 1], item);
        throw error;
      });
    }
    await tell(part.at(-1), items[i + chunk]);
  }
  return true;
}

/** Every record with an open artifact that was first seen since then; which of them were not asked for, their heads tell. */
async function listUnasked({ store, session }: IngestContext, since: number, now: number): Promise<Due[]> {
  const rows = await listOpen(store, session.connection.id, since - 1, now);
  return rows.map((row): Due => ({ ...row, dueAt: row.firstSeenAt, last: false }));
}

async function listDue({ store, session }: IngestContext, dueAt: number, now: number): Promise<Due[]> {
  const { offsetsMs, lastMs } = recheckOffsets(session.connection.recheck);
  const rows = await Promise.all(
    offsetsMs.map(async (offset) => {
      const open = await listOpen(store, session.connection.id, dueAt - offset, now - offset);
      return open.map((row): Due => ({ ...row, dueAt: row.firstSeenAt + offset, last: offset >= lastMs }));
    }),
  );
  return rows.flat().sort((a, b) => a.dueAt - b.dueAt);
}

/** Asks for one record at a time; a single failure is not held against the others. */
function asking(context: IngestContext): (due: Due, head: Head) => Promise<Ingested> {
  let failures = 0;
  return async ({ last }, head) => {
    try {
      const seen = await fetchAgain(context, head);
      failures = 0;
      const amend = last ? withOverdue : undefined;
      if (seen) return await ingestAnswer(context, seen, head, amend);
      return last ? await amendStored(context, head, withOverdue) : 'unchanged';
    } catch (error) {
      // Too large to be stored: the live lane quarantines it when it is listed.
      const passable =
        error instanceof RecordInvalid || (error instanceof ProviderUnavailable && ++failures < failureLimit);
      if (!passable) throw error;
      return 'unchanged';
    }
  };
}

/**
 * The record again, or null where it is gone or became unreadable: then what is stored of it stays, and the live lane
 * quarantines it when it is listed.
 */
async function fetchAgain(
  { stream, session }: IngestContext,
  head: Head,
): Promise<(Normalized & { sentAt: number }) | null> {
  const { externalId, startedAt, endedAt } = head.conversation;
  try {
    const answer = await stream.fetchAgain(session, { externalId, startedAt, endedAt });
    return answer && { ...stream.normalize(answer), sentAt: answer.sentAt };
  } catch (error) {
    if (error instanceof NotAtProvider || error instanceof RecordInvalid) return null;
    throw error;
  }
}
