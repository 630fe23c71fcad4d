import { AwsError } from '../aws-error.ts';

type Outcome<Result> = { Successful: (Result & { Id: string })[]; Failed: FailedEntry[] };
type FailedEntry = { Id: string; SenderFault: boolean; Code: string; Message: string };

/** Runs `one` for each entry; an entry that throws AwsError fails alone. Throws for a batch that is wrong as a whole. */
export function runBatch<Entry extends { Id: string }, Result extends object>(
  entries: readonly Entry[],
  one: (entry: Entry) => Result,
): Outcome<Result> {
  if (entries.length === 0) throw new AwsError('EmptyBatchRequest', 'There should be at least one entry.');
  if (entries.length > 10) throw new AwsError('TooManyEntriesInBatchRequest', 'Maximum number of entries is 10.');
  if (new Set(entries.map((entry) => entry.Id)).size < entries.length) {
    throw new AwsError('BatchEntryIdsNotDistinct', 'Two or more batch entries have the same Id.');
  }
  const outcome: Outcome<Result> = { Successful: [], Failed: [] };
  for (const entry of entries) {
    try {
      outcome.Successful.push({ ...one(entry), Id: entry.Id });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      outcome.Failed.push({ Id: entry.Id, SenderFault: true, Code: error.code, Message: error.message });
    }
  }
  return outcome;
}
