import * as z from 'zod';
import type { Outcome } from './sandbox.ts';

const failuresSchema = z
  .object({ batchItemFailures: z.array(z.object({ itemIdentifier: z.string() })).nullish() })
  .nullish();

/**
 * The items of a batch that a function reports as failed, `null` where the whole batch failed: it threw, or answered
 * what cannot be read, or named an item that was not in the batch. The reason is the error's type, never its message.
 */
export function readFailures(
  outcome: Outcome,
  reportsFailures: boolean,
  items: readonly string[],
): { failed: string[] | null; reason: string } {
  if (outcome.kind === 'failed') return { failed: null, reason: outcome.error.errorType };
  if (outcome.kind === 'streamed') return { failed: null, reason: 'StreamedAnswer' };
  if (!reportsFailures) return { failed: [], reason: '' };
  const answer = failuresSchema.safeParse(JSON.parse(outcome.payload));
  if (!answer.success) return { failed: null, reason: 'AnswerNotUnderstood' };
  const failed = (answer.data?.batchItemFailures ?? []).map(({ itemIdentifier }) => itemIdentifier);
  if (failed.some((id) => !items.includes(id))) return { failed: null, reason: 'UnknownItemIdentifier' };
  return { failed, reason: failed.length > 0 ? 'ReportedFailure' : '' };
}
