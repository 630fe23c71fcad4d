import type { ArtifactFinding } from '#shared/domain/artifact.ts';
import type { Content } from '#shared/domain/conversation.ts';
import type { ListedFile } from '#shared/domain/media.ts';
import type { Refusal } from './schema.ts';

/** A call that nobody answered has nothing to listen to, to write down or to sum up. */
const neverConnected: ReadonlySet<Content['status']> = new Set(['busy', 'missed', 'failed', 'canceled']);

type Known = {
  content: Pick<Content, 'status' | 'summary' | 'sentiment'>;
  hasTurns: boolean;
  files: readonly ListedFile[];
  /** why the call itself was not given */
  refused: Refusal | undefined;
};

/**
 * What the answers say of the artifacts. All of them are filled in some time after the call, and nothing tells how long
 * that takes or that there will be none, so what is missing is pending.
 */
export function findingsOf({ content, hasTurns, files, refused }: Known): Record<string, ArtifactFinding> {
  const missing = ((): ArtifactFinding => {
    if (neverConnected.has(content.status)) return { state: 'absent', reason: 'notConnected' };
    return refused ? { state: 'absent', reason: refused } : { state: 'pending' };
  })();
  const readyIf = (isThere: boolean): ArtifactFinding => (isThere ? { state: 'ready' } : missing);
  return {
    transcript: readyIf(hasTurns),
    summary: readyIf(content.summary !== null),
    sentiment: readyIf(content.sentiment !== null),
    // Ready only with its bytes.
    'media:recording': files.length > 0 ? { state: 'pending' } : missing,
  };
}
