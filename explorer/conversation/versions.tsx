import type { Version } from '../api/answers.ts';
import { Instant } from '../parts/clock.tsx';
import { Panel } from '../parts/panel.tsx';
import { artifactName, counted } from '../words/words.ts';

const causes: Readonly<Record<string, string>> = {
  poll: 'found by a poll',
  webhook: 'told by a webhook',
  recheck: 'asked for again',
  backfill: 'read by a backfill',
  reprocess: 'built anew from the raw answers',
};

/** The versions with what each changed, newest first. */
export function Versions({ versions }: { versions: readonly Version[] | null }) {
  if (!versions || versions.length === 0) return null;
  return (
    <Panel title="Versions" note={counted(versions.length, 'version')}>
      <ol class="versions">
        {versions.toReversed().map(({ version, at, cause, changed }) => (
          <li key={version}>
            <span class="version">{version}</span>
            <span>
              <Instant at={at} />
              <span class="muted small block">{causes[cause] ?? cause}</span>
              <span class="small block">
                {version === 1 ? 'First stored' : `Changed: ${changed.map(artifactName).join(', ') || 'nothing named'}`}
              </span>
            </span>
          </li>
        ))}
      </ol>
    </Panel>
  );
}
