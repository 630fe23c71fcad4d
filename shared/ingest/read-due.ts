import { NotAtProvider, ProviderUnavailable, RecordInvalid } from '#shared/domain/errors.ts';
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

/**
 * The due lane: asks again for every open artifact whose offset fell in `(dueAt, now]`. What is due follows from when
 * the conversation was first seen, so a fruitless asking writes nothing to the record. `done` is told how far it came.
 * Gives the number of records that changed.
 */
export async function readDue(
  context: IngestContext,
  time: TimeLeft,
  dueAt: number,
  done: (dueAt: number) => Promise<void>,
): Promise<number> {
  const now = context.now();
  const due = await listDue(context, dueAt, now);
  const ask = asking(context);
  let changed = 0;
  for (let i = 0; i < due.length; i += chunk) {
    const part = due.slice(i, i + chunk);
    const heads = await readHeads(context.store, [...new Set(part.map(({ uuid }) => uuid))]);
    for (const item of part) {
      await context.keepLease();
      const head = heads.get(item.uuid);
      if (head && (await ask(item, head)) !== 'unchanged') changed += 1;
    }
    // Askings of one instant stand or fall together.
    const next = due[i + chunk];
    await done(next ? Math.min(next.dueAt - 1, part.at(-1)?.dueAt ?? now) : now);
    if (!time.enough()) return changed;
  }
  if (due.length === 0) await done(now);
  return changed;
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
