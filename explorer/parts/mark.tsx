import type { ArtifactState } from '#shared/domain/artifact.ts';
import { artifactName, stateMeanings } from '../words/words.ts';

/** A shape for each state, so that no meaning hangs on a colour alone. Drawn in 12 by 12. */
const shapes: Readonly<Record<ArtifactState, string>> = {
  ready: 'M2 6.4 5 9.2 10 3.2',
  pending: 'M6 1.8a4.2 4.2 0 1 0 0 8.4 4.2 4.2 0 0 0 0-8.4M6 3.8V6l1.5 1',
  overdue: 'M6 1.8v5M6 9.4v.2',
  absent: 'M2.8 6h6.4',
  expired: 'M2.4 9.6 9.6 2.4M6 1.6a4.4 4.4 0 1 0 0 8.8 4.4 4.4 0 0 0 0-8.8',
  failed: 'M3 3l6 6M9 3 3 9',
};

export function StateGlyph({ state }: { state: ArtifactState }) {
  return (
    <svg class="glyph" viewBox="0 0 12 12" aria-hidden="true" focusable="false">
      <path d={shapes[state]} />
    </svg>
  );
}

/** An artifact with its state: what is here by its name alone, anything else in words. */
export function ArtifactMark({ kind, state }: { kind: string; state: ArtifactState }) {
  const name = artifactName(kind);
  return (
    <span class={`mark is-${state}`} title={`${name}: ${stateMeanings[state]}`}>
      <StateGlyph state={state} />
      <bdi class="mark-name">{name}</bdi>
      {state === 'ready' ? <span class="unseen"> ready</span> : <span class="mark-state"> {state}</span>}
    </span>
  );
}
