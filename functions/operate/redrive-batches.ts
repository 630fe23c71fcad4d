import type { DynamoDBRecord } from 'aws-lambda';
import * as z from 'zod';
import { type RedriveRequest, type RedriveResult, redriveResult } from '#shared/domain/operation-redrive.ts';
import { errorFields } from '#shared/runtime/error-fields.ts';
import { logError } from '#shared/runtime/log.ts';
import type { Store } from '#shared/storage/document-client.ts';
import { listFailedBatches, readFailedBatch, removeFailedBatch } from '#shared/storage/failed-batches.ts';
import type { Bucket } from '#shared/storage/media-objects.ts';
import type { Saved } from '#shared/storage/operation-lease.ts';
import { conversationsIn } from '#shared/storage/outbox.ts';
import { clearBatch, stepsOfGone } from './erase/clear-letters.ts';
import type { Task, Work } from './runner.ts';
import { type LetterNames, redriveFilter, withNames } from './wanted-ids.ts';

/** A reader of the table's stream, and how its batches are worked off in its place. */
export type Reader = {
  /** ARN of its function */
  arn: string;
  /** does what the reader does. Throws where not all of it is done. */
  work: (records: readonly DynamoDBRecord[]) => Promise<void>;
  /** removes what came of steps whose conversations were gone before their work was done */
  takeBack: (records: readonly DynamoDBRecord[]) => Promise<void>;
};

/** Where the batches lie, and the table by which it is told what is gone. */
export type FailedWork = { store: Store; deadLetters: Bucket };

const placeSchema = z.object({
  /** the last object that was looked at */
  after: z.string().nullable(),
  done: z.int(),
  total: z.int(),
  result: redriveResult,
});
type Place = Readonly<z.infer<typeof placeSchema>>;

/**
 * Works off the batches of the table's stream that a reader has failed for good, and removes each when all of it is done.
 * One that fails again stays, with a line in the log, and those behind it have their turn. A batch is done as a whole: by
 * one of its conversations the others are named too. Of conversations that are gone nothing is done: they are taken from it
 * before, and what came of one that went meanwhile is taken back.
 */
export async function* redriveBatches(
  { store, deadLetters }: FailedWork,
  reader: Reader,
  request: RedriveRequest,
  { place }: Task,
): Work {
  let at: Place = place === null ? await firstPlace(deadLetters) : placeSchema.parse(place);
  const wants = redriveFilter(request);
  if (place === null) yield saved(at);
  for await (const key of listFailedBatches(deadLetters, at.after)) {
    const names = await redriveOne({ store, deadLetters }, reader, wants, key).catch((error: unknown) => tell(error));
    at = { ...at, after: key, done: at.done + 1, result: counted(at.result, names) };
    yield saved(at);
  }
  return { progress: { done: at.done, total: at.done }, result: at.result };
}

/** The names of a batch whose work is done; null of one that stays, and undefined of one that is none of this reader's. */
async function redriveOne(
  { store, deadLetters }: FailedWork,
  reader: Reader,
  wants: (names: LetterNames) => boolean,
  key: string,
): Promise<LetterNames | null | undefined> {
  await clearBatch(store, deadLetters, key);
  const batch = await readFailedBatch(deadLetters, key);
  if (batch?.reader !== reader.arn) return undefined;
  const names = namesOf(key, batch.records);
  if (!wants(names)) return null;
  try {
    await reader.work(batch.records);
    const steps = await stepsOfGone(store, batch.records);
    if (steps.length > 0) await reader.takeBack(steps);
  } catch (error) {
    return tell(error, names);
  }
  await removeFailedBatch(deadLetters, key);
  return names;
}

function counted(result: RedriveResult, names: LetterNames | null | undefined): RedriveResult {
  if (names === undefined) return result;
  if (names === null) return { ...result, left: result.left + 1 };
  return { ...result, redriven: result.redriven + 1, conversations: withNames(result.conversations, names) };
}

async function firstPlace(deadLetters: Bucket): Promise<Place> {
  let total = 0;
  for await (const _ of listFailedBatches(deadLetters, null)) total += 1;
  return { after: null, done: 0, total, result: { redriven: 0, left: 0, conversations: [] } };
}

function tell(error: unknown, { conversations }: Pick<LetterNames, 'conversations'> = { conversations: [] }): null {
  logError('redrive failed', { ...errorFields(error), conversations: conversations.join(' ') });
  return null;
}

const namesOf = (key: string, records: readonly DynamoDBRecord[]): LetterNames => ({
  conversations: conversationsIn(records),
  others: [key],
});

const saved = (place: Place): Saved => ({
  progress: { done: place.done, total: Math.max(place.total, place.done) },
  ...{ estimateSeconds: null, place },
});
