import { writeAddress } from '../address/address.ts';
import type { AuditHour } from '../api/answers.ts';
import { can } from '../api/session.ts';
import { beginWith } from '../operations/begin.ts';
import { hourName, Instant } from '../parts/clock.tsx';
import { artifactName, counted } from '../words/words.ts';
import { hourMs, missingOf, stateOf } from './calendar-grid.ts';

type Props = { hour: AuditHour; onClose: () => void };

/** One hour of the books: its figures, what is missing by id, and what to do about it. */
export function HourPanel({ hour, onClose }: Props) {
  const at = Date.parse(hour.hour);
  const span = { connection: hour.connection, from: hour.hour, to: new Date(at + hourMs).toISOString() };
  const list = { connection: span.connection, startedFrom: span.from, startedTo: span.to };
  const missing = missingOf(hour);
  return (
    <section class="panel hour" aria-label="The chosen hour">
      <h3>
        <Instant at={hour.hour} show="day" /> {hourName(at)}
        <button type="button" class="plain" onClick={onClose}>
          Close
        </button>
      </h3>
      <Verdict hour={hour} />
      <dl class="hour-figures">
        <Figure name="Listed" count={hour.listed} />
        <Figure name="Stored" count={hour.stored} />
        <Figure name="Quarantined" count={hour.quarantined} />
        <Figure name="Erased" count={hour.erased} />
        <Figure name="Expired" count={hour.expired} />
        <Figure name="Gone at source" count={hour.missingAtSource} />
      </dl>
      {missing > 0 && (
        <>
          <h4>Missing: {counted(missing, 'conversation')}</h4>
          <ul class="gaps">
            {hour.gaps.map((id) => (
              <li key={id}>
                <code>
                  <bdi>{id}</bdi>
                </code>
              </li>
            ))}
          </ul>
          <p class="muted small">Each verification asks the provider for them again by itself.</p>
        </>
      )}
      <Late artifacts={hour.artifacts} />
      <p class="actions">
        <a class="button" href={writeAddress({ view: 'conversations', filters: list })}>
          Conversations of this hour
        </a>
        {can('operations') && (
          <button type="button" onClick={() => beginWith('backfills', span)}>
            Read this hour again…
          </button>
        )}
      </p>
    </section>
  );
}

function Verdict({ hour }: { hour: AuditHour }) {
  if (stateOf(hour) === 'waiting')
    return (
      <p class="muted">The provider has not been asked for this hour yet. The figures are what polls have seen.</p>
    );
  return (
    <p class="muted">
      Compared with the provider’s own list <Instant at={hour.verifiedAt} />.
    </p>
  );
}

function Figure({ name, count }: { name: string; count: number }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd class="figures">{count.toLocaleString('en-GB')}</dd>
    </div>
  );
}

/** Parts that are not all here, by kind. */
function Late({ artifacts }: Pick<AuditHour, 'artifacts'>) {
  const open = Object.entries(artifacts).flatMap(([kind, states]) => {
    const [pending, overdue] = [states['pending'] ?? 0, states['overdue'] ?? 0];
    return pending + overdue === 0 ? [] : [{ kind, pending, overdue }];
  });
  if (open.length === 0) return null;
  return (
    <>
      <h4>Parts on their way</h4>
      <ul class="small">
        {open.map(({ kind, pending, overdue }) => (
          <li key={kind}>
            <bdi>{artifactName(kind)}</bdi>: {pending} pending{overdue > 0 ? `, ${overdue} overdue` : ''}
          </li>
        ))}
      </ul>
    </>
  );
}
