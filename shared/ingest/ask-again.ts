import { isOpen } from '#shared/domain/artifact.ts';
import type { StoredRecord } from '#shared/domain/conversation.ts';
import { NotAtProvider, ProviderUnavailable, RecordInvalid } from '#shared/domain/errors.ts';
import { mediaArtifact, mediaKeyOf } from '#shared/domain/media.ts';
import type { MediaJob } from '#shared/domain/media-job.ts';
import { withOverdue } from '#shared/domain/overdue.ts';
import type { Answer } from '#shared/providers/connector.ts';
import type { Head } from '#shared/storage/conversations.ts';
import type { IngestContext } from './context.ts';
import type { Gather, Gathered } from './gather.ts';
import { type Amend, amendStored, newsIn } from './ingest-answer.ts';
import type { Written } from './write-version.ts';

/** One asking: when it is due, and whether its offset is before the last, the last of `recheck`, or a daily one behind it. */
export type Due = { head: Head; dueAt: number; offset: 'early' | 'last' | 'late' };

/** Records that changed, and artifacts that became overdue. */
export type DueCounts = { changed: number; overdue: number };

export type AskAgain = {
  /** Asks for at most as many as the provider takes at once; what changes records is written when it is flushed. */
  ask: (gather: Gather, due: readonly Due[]) => Promise<void>;
  counts: () => DueCounts;
};

/** Askings in a row that may fail before the provider, and not a record, must be at fault. */
const failureLimit = 3;

/** Asks for open artifacts again; a single failure is not held against the others. */
export function askAgain(context: IngestContext): AskAgain {
  let failures = 0;
  const counts: DueCounts = { changed: 0, overdue: 0 };

  const fetchOrSkip = async (due: readonly Due[]): Promise<readonly (Answer | null)[] | null> => {
    try {
      const answers = await fetchAgain(context, due);
      failures = 0;
      return answers;
    } catch (error) {
      if (!(error instanceof ProviderUnavailable) || ++failures >= failureLimit) throw error;
      return null;
    }
  };

  return {
    counts: () => counts,
    ask: async (gather, due) => {
      const copies = due.flatMap((one) => copiesOf(context, one));
      if (copies.length > 0) await context.requestCopies(copies);
      const open = due.filter(({ head }) => openKinds(head).some((kind) => !isCopied(head, kind)));
      const answers = open.length === 0 ? [] : await fetchOrSkip(open);
      if (answers === null) return;
      for (const one of due) {
        await context.keepLease();
        const answer = answers[open.indexOf(one)] ?? null;
        await ingestDue({ context, gather, counts }, one, answer);
      }
    },
  };
}

const openKinds = ({ conversation }: Head): string[] =>
  Object.entries(conversation.artifacts).flatMap(([kind, { state }]) => (isOpen(state) ? [kind] : []));

/** Whether the artifact is a file that is known by now: its bytes are fetched by a copy, no question brings them. */
const isCopied = ({ conversation }: Pick<StoredRecord, 'conversation'>, kind: string): boolean =>
  conversation.files.some(({ key }) => mediaArtifact(key) === kind);

function copiesOf({ session }: IngestContext, { head, offset }: Due): MediaJob[] {
  const { id: connection } = session.connection;
  const { uuid } = head.conversation;
  return openKinds(head).flatMap((kind) => {
    const key = mediaKeyOf(kind);
    return key !== null && isCopied(head, kind) ? [{ connection, uuid, key, last: offset !== 'early' }] : [];
  });
}

/**
 * The records again, null for one that is gone: then what is stored of it stays, and the live lane quarantines it when it
 * is listed and cannot be read.
 */
async function fetchAgain(
  { stream, session }: IngestContext,
  due: readonly Due[],
): Promise<readonly (Answer | null)[]> {
  const references = due.map(({ head }) => {
    const { externalId, startedAt, endedAt } = head.conversation;
    return { externalId, startedAt, endedAt, open: openKinds(head).filter((kind) => !isCopied(head, kind)) };
  });
  try {
    return await stream.again.fetch(session, references);
  } catch (error) {
    if (error instanceof NotAtProvider || error instanceof RecordInvalid) return [];
    throw error;
  }
}

type DueRun = { context: IngestContext; gather: Gather; counts: DueCounts };

async function ingestDue(
  { context, gather, counts }: DueRun,
  { head, offset }: Due,
  answer: Answer | null,
): Promise<void> {
  let missed = 0;
  const callOverdue: Amend = (record, now) => {
    // What is copied gets its own last chance, so it is only missed by the first daily asking behind it.
    const isMeant = (kind: string): boolean => offset === 'late' || !isCopied(record, kind);
    const amended = withOverdue(record, context.expectation, now, isMeant);
    missed = overdueIn(amended) - overdueIn(record);
    return amended;
  };
  const count = (written: Written): void => {
    if (written === 'unchanged' || written === 'erased') return;
    counts.changed += 1;
    counts.overdue += missed;
  };
  const amend = offset === 'early' ? undefined : callOverdue;
  const seen = answer && (await orSkip(() => ({ ...context.stream.normalize(answer), sentAt: answer.sentAt })));
  if (answer && seen) {
    const news = await orSkip(() => newsIn(context, seen, head, amend));
    const written: Gathered['written'] = async (write) => {
      const became = await orSkip(write);
      if (became) count(became);
      return became;
    };
    if (news) await gather.add({ news, answer, written });
  } else if (amend) count(await amendStored(context, head, callOverdue));
}

const overdueIn = ({ conversation }: StoredRecord): number =>
  Object.values(conversation.artifacts).filter(({ state }) => state === 'overdue').length;

/** Null where a record is not understood, or too large to be stored: the live lane quarantines it when it is listed. */
async function orSkip<T>(understand: () => T | Promise<T>): Promise<T | null> {
  try {
    return await understand();
  } catch (error) {
    if (error instanceof RecordInvalid) return null;
    throw error;
  }
}
