import type { ArtifactFinding } from '#shared/domain/artifact.ts';
import { said } from '../field-schemas.ts';
import { type Drift, note } from '../read-record.ts';
import type { Extensive, Refusal } from './schema.ts';

/** Words of `summary.status`: only "completed" has been seen, so the others are read by their sense. */
const failed = /fail|error|reject|skip|cancel|unavailable|disabled|insufficient|not_/i;
const working = /^(pending|queued|processing|in_?progress|started|running|new|created)$/i;
const finished = /^(completed?|done|finished|success|succeeded|ready)$/i;

/** "We failed to ask": the budget ended before the details. */
const notAsked: ArtifactFinding = { state: 'pending', reason: 'notAsked' };

/** What the answers say of the summary. `extensive` null: it was refused with the reason given, or not asked for. */
export function summaryFinding(
  extensive: Extensive | null,
  refused: Refusal | undefined,
  drift: Drift,
): ArtifactFinding {
  if (!extensive) return refused ? { state: 'absent', reason: refused } : notAsked;
  if (said(extensive.summary?.text)) return { state: 'ready' };
  const status = said(extensive.summary?.status)?.trim();
  if (!status || working.test(status)) return { state: 'pending' };
  if (failed.test(status)) return { state: 'absent', reason: 'failedAtProvider' };
  if (finished.test(status)) return { state: 'absent', reason: 'empty' };
  note(drift, 'extensive.summary.status=<new>');
  return { state: 'pending' };
}

/** What the answers say of the transcript; `asked` is false where no detail could be asked for. */
export function transcriptFinding(known: {
  asked: boolean;
  hasTurns: boolean;
  refused: { extensive?: Refusal | undefined; sentences?: Refusal | undefined };
}): ArtifactFinding {
  if (known.hasTurns) return { state: 'ready' };
  if (!known.asked) return notAsked;
  if (known.refused.sentences) return { state: 'absent', reason: known.refused.sentences };
  // Gone between the list and now. A 403 alone is no such word: the row itself names the transcription once it exists.
  if (known.refused.extensive === 'notFound') return { state: 'absent', reason: 'notFound' };
  return { state: 'pending' };
}
