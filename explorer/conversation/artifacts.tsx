import type { Conversation } from '../api/answers.ts';
import { Instant } from '../parts/clock.tsx';
import { StateGlyph } from '../parts/mark.tsx';
import { Panel } from '../parts/panel.tsx';
import { artifactName, counted, spaced, stateMeanings } from '../words/words.ts';

type Artifact = Conversation['artifacts'][string];

/** The parts that may come late: what became of each, and when it is asked for again. */
export function Artifacts({ conversation: { artifacts } }: { conversation: Conversation }) {
  const known = Object.entries(artifacts);
  if (known.length === 0) return null;
  return (
    <Panel title="Parts">
      <ul class="parts-list">
        {known.map(([kind, artifact]) => (
          <li key={kind}>
            <span class={`mark is-${artifact.state}`} title={stateMeanings[artifact.state]}>
              <StateGlyph state={artifact.state} />
              {artifact.state}
            </span>
            <span>
              <bdi>{artifactName(kind)}</bdi>
              <Detail artifact={artifact} />
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function Detail({ artifact: { state, at, reason, attempts, nextCheckAt } }: { artifact: Artifact }) {
  const isOpen = state === 'pending' || state === 'overdue';
  return (
    <span class="muted small block">
      {reason && `${spaced(reason)}; `}
      {isOpen ? (
        <>
          asked again {counted(attempts ?? 0, 'time')}
          {nextCheckAt && (
            <>
              , next <Instant at={nextCheckAt} />
            </>
          )}
        </>
      ) : (
        <>
          since <Instant at={at} />
        </>
      )}
    </span>
  );
}
