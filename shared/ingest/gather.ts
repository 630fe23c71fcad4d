import { LeaseLost } from '#shared/domain/errors.ts';
import { isFull, ownPackName, type PackName, packNameOf, type Work, writeRawLine } from '#shared/domain/raw-answer.ts';
import type { Answer } from '#shared/providers/connector.ts';
import { putPack, removeFromPacks } from '#shared/storage/raw-packs.ts';
import type { IngestContext } from './context.ts';
import { inParallel } from './in-parallel.ts';
import type { News } from './ingest-answer.ts';
import { holdBack, type Written, writeVersion } from './write-version.ts';

/** A pack holds at most so many answers, and so many characters of JSON before it is compressed. */
export const mostAnswers = 500;
const mostCharacters = 8 * 1024 * 1024;

/** Answers wait at most so long for their pack: a run that is killed meanwhile has asked for them in vain. */
const mostMs = 30_000;

/** An answer that makes a version, and what hears how that went; a write that is refused gives null. */
export type Gathered = {
  news: News;
  answer: Answer;
  written: (write: () => Promise<Written>) => Promise<Written | null>;
};

export type Gather = {
  add: (gathered: Gathered) => Promise<void>;
  /** packs what was gathered and writes its versions */
  flush: () => Promise<void>;
};

type Waiting = Gathered & { line: string };

/**
 * Gathers the answers of a work that make versions, so that they are durable in one pack before the first version is
 * written. What is in the pack and came to nothing after all is taken out of it.
 */
export function openGather(context: IngestContext, work: Work): Gather {
  const { connector, stream, now } = context;
  let waiting: Waiting[] = [];
  let characters = 0;
  let since = 0;
  let part = 0;
  let last = Promise.resolve();

  const flush = (): Promise<void> => {
    const batch = waiting;
    const name = packNameOf({ ...work, key: [stream.name, ...work.key] }, part, now());
    [waiting, characters, part] = [[], 0, part + 1];
    // One behind the other: two answers of one conversation may stand in two packs.
    if (batch.length > 0) last = last.then(() => store(context, work, name, batch));
    return last;
  };

  return {
    flush,
    add: async (gathered) => {
      const { news, answer } = gathered;
      const { uuid, externalId, heldUntil } = news;
      if (heldUntil !== null) {
        await gathered.written(() => holdBack(context, { connection: context.session.connection.id, uuid }, heldUntil));
        return;
      }
      const line = writeRawLine({ uuid, externalId, stream: stream.name, mapper: connector.mapper, ...answer });
      if (waiting.length === 0) since = now();
      characters += line.length;
      waiting.push({ ...gathered, line });
      if (waiting.length >= mostAnswers || characters >= mostCharacters || now() - since >= mostMs) await flush();
    },
  };
}

/** Runs what gathers, and stores what was gathered also where it fails: what was asked for is not asked for again. */
export async function gathering(gather: Gather, run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (error) {
    if (!(error instanceof LeaseLost)) await gather.flush();
    throw error;
  }
  await gather.flush();
}

async function store(context: IngestContext, work: Work, shared: PackName, batch: readonly Waiting[]): Promise<void> {
  const { id: connection } = context.session.connection;
  const packOf = ({ news: { packs, uuid } }: Waiting): PackName =>
    isFull(packs) ? ownPackName(packs, uuid, work, context.now()) : shared;
  await context.keepLease();
  for (const [name, part] of Map.groupBy(batch, packOf)) {
    const lines = part.map(({ line }) => line);
    await putPack(context.store, connection, name, lines, name === shared ? undefined : mostAnswers);
    const unnamed: string[] = [];
    // The same conversation twice: one after the other, the second on top of the first.
    const groups = [...Map.groupBy(part, ({ news }) => news.uuid).values()];
    await inParallel(groups, async (group) => {
      for (const { news, written } of group) {
        await context.keepLease();
        const became = await written(() => writeVersion({ ...context, pack: name }, news.uuid, news.known, news.merge));
        if (became === null || became === 'erased') unnamed.push(news.uuid);
      }
    });
    if (unnamed.length > 0) await removeFromPacks(context.store, connection, [name], unnamed);
  }
}
