import { isUnasked } from '#shared/domain/artifact.ts';
import type { Checkpoint } from '#shared/domain/checkpoint.ts';
import { RateLimited } from '#shared/domain/errors.ts';
import type { Work } from '#shared/domain/raw-answer.ts';
import { type Head, readHeads } from '#shared/storage/conversations.ts';
import { listOpen } from '#shared/storage/due.ts';
import { askAgain, type Due, type DueCounts } from './ask-again.ts';
import { type IngestContext, recheckOffsets } from './context.ts';
import { type Gather, gathering, openGather } from './gather.ts';
import type { TimeLeft } from './time-left.ts';

/** Askings between two checkpoints: what a crash asks for again at most. */
const chunk = 50;

/** How far the lane came: part of the checkpoint. */
export type DueReached = Partial<Pick<Checkpoint, 'dueAt' | 'unaskedSince'>>;

/**
 * The due lane: first what could not be asked for when it was stored, then every open artifact whose offset fell in
 * `(dueAt, now]`. What is due follows from when the conversation was first seen, so a fruitless asking writes nothing to
 * the record. `done` is told how far it came. Gives what became of them.
 */
export async function readDue(
  context: IngestContext,
  time: TimeLeft,
  { dueAt, unaskedSince }: Pick<Checkpoint, 'dueAt' | 'unaskedSince'>,
  done: (reached: DueReached) => Promise<void>,
): Promise<DueCounts> {
  const now = context.now();
  const asking = askAgain(context);
  if (unaskedSince !== null) {
    const unasked = await listUnasked(context, unaskedSince, now);
    const stillUnasked = ({ conversation }: Head): boolean => Object.values(conversation.artifacts).some(isUnasked);
    const passed = await inChunks(context, time, unasked, {
      each: (gather, due) =>
        asking.ask(
          gather,
          due.filter(({ head }) => stillUnasked(head)),
        ),
      done: (reached) => done({ unaskedSince: reached + 1 }),
    });
    if (!passed) return asking.counts();
    await done({ unaskedSince: null });
  }
  const due = await listDue(context, dueAt, now);
  const passed = await inChunks(context, time, due, {
    each: asking.ask,
    done: (reached) => done({ dueAt: reached }),
  });
  if (passed) await done({ dueAt: now });
  return asking.counts();
}

type Row = Omit<Due, 'head'> & { uuid: string };

type Steps = {
  each: (gather: Gather, due: readonly Due[]) => Promise<void>;
  done: (reached: number) => Promise<void>;
};

/**
 * Goes through the askings in order, in the provider's own batches, and tells how far it came: behind each chunk but the
 * last, and where the budget ends, so that the next run does not ask the same again. False where the time ended before
 * the askings.
 */
async function inChunks(
  context: IngestContext,
  time: TimeLeft,
  rows: readonly Row[],
  { each, done }: Steps,
): Promise<boolean> {
  // Askings of one instant stand or fall together.
  const tell = async (last: Omit<Row, 'uuid'> | undefined, next: Omit<Row, 'uuid'> | undefined): Promise<void> => {
    if (last && next) await done(Math.min(next.dueAt - 1, last.dueAt));
  };
  const { most } = context.stream.again;
  for (let i = 0; i < rows.length; i += chunk) {
    if (!time.enough()) return false;
    const part = rows.slice(i, i + chunk);
    const due = await withHeads(context, part);
    const gather = openGather(context, workOf(part));
    let k = 0;
    const askAll = async (): Promise<void> => {
      for (; k < due.length; k += most) {
        await context.keepLease();
        await each(gather, due.slice(k, k + most));
      }
    };
    await gathering(gather, askAll).catch(async (error: unknown) => {
      if (error instanceof RateLimited) await tell(due[k - 1] ?? rows[i - 1], due[k]);
      throw error;
    });
    await tell(part.at(-1), rows[i + chunk]);
  }
  return true;
}

const workOf = ([first]: readonly Row[]): Work => ({
  key: ['due', first?.uuid ?? null, first?.dueAt ?? null],
  at: first?.dueAt ?? 0,
});

/** The rows whose conversation is still stored. */
async function withHeads({ store }: IngestContext, rows: readonly Row[]): Promise<Due[]> {
  const heads = await readHeads(store, [...new Set(rows.map(({ uuid }) => uuid))]);
  return rows.flatMap(({ uuid, ...row }) => {
    const head = heads.get(uuid);
    return head ? [{ ...row, head }] : [];
  });
}

/** Every record with an open artifact that was first seen since then; which of them were not asked for, their heads tell. */
async function listUnasked({ store, session }: IngestContext, since: number, now: number): Promise<Row[]> {
  const rows = await listOpen(store, session.connection.id, since - 1, now);
  return rows.map(({ uuid, firstSeenAt }) => ({ uuid, dueAt: firstSeenAt, offset: 'early' as const }));
}

async function listDue({ store, session }: IngestContext, dueAt: number, now: number): Promise<Row[]> {
  const { offsetsMs, lastMs } = recheckOffsets(session.connection.recheck);
  const rows = await Promise.all(
    offsetsMs.map(async (offsetMs) => {
      const open = await listOpen(store, session.connection.id, dueAt - offsetMs, now - offsetMs);
      const offset =
        offsetMs < lastMs ? ('early' as const) : offsetMs === lastMs ? ('last' as const) : ('late' as const);
      return open.map(({ uuid, firstSeenAt }): Row => ({ uuid, dueAt: firstSeenAt + offsetMs, offset }));
    }),
  );
  return rows.flat().sort((a, b) => a.dueAt - b.dueAt);
}
