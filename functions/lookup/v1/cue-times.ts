import type { Utterance } from '#shared/domain/transcript.ts';

/** A turn with a place in time. `estimated` where the provider gave no start. */
export type Cue = { utterance: Utterance; startMs: number; endMs: number; estimated: boolean };

/** Speech at about 900 characters a minute. */
const msPerCharacter = 65;
const shortestMs = 500;
const estimatedLength = ({ text }: Utterance): number => Math.max(shortestMs, text.length * msPerCharacter);

/**
 * Turns as cues: in the order of their starts, none without length, for players refuse anything else. A turn without a
 * start stands behind the turn before it, squeezed so that it never passes the next turn whose start is known.
 */
export function placeCues(utterances: readonly Utterance[]): Cue[] {
  const cues: Cue[] = [];
  let waiting: Utterance[] = [];
  let free = 0;
  for (const utterance of utterances) {
    if (utterance.startMs === null) {
      waiting.push(utterance);
      continue;
    }
    cues.push(...spread(waiting, free, utterance.startMs));
    waiting = [];
    const endMs = endOf(utterance, utterance.startMs);
    cues.push({ utterance, startMs: utterance.startMs, endMs, estimated: false });
    free = endMs;
  }
  cues.push(...spread(waiting, free, Number.POSITIVE_INFINITY));
  return cues.sort((a, b) => a.startMs - b.startMs);
}

function endOf(utterance: Utterance, startMs: number): number {
  if (utterance.endMs !== null && utterance.endMs > startMs) return utterance.endMs;
  return startMs + estimatedLength(utterance);
}

/** Turns one behind the other from `from`, shortened in proportion where they would pass `to`. */
function spread(turns: readonly Utterance[], from: number, to: number): Cue[] {
  const start = Math.min(from, to);
  const needed = turns.reduce((sum, turn) => sum + estimatedLength(turn), 0);
  const scale = Math.min(1, (to - start) / Math.max(1, needed));
  let at = start;
  return turns.map((utterance) => {
    const startMs = Math.floor(at);
    at += estimatedLength(utterance) * scale;
    return { utterance, startMs, endMs: Math.max(startMs + 1, Math.floor(at)), estimated: true };
  });
}
