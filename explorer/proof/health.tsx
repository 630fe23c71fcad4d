import type { ConnectionState } from '../api/answers.ts';
import { Instant } from '../parts/clock.tsx';
import { spanOf } from '../words/times.ts';
import { providers, spaced } from '../words/words.ts';

type Props = { connections: readonly ConnectionState[]; chosen: string | null; onChoose: (id: string) => void };

/** Every connection in words: how it does, how far behind it is, and what there is to do. */
export function Health({ connections, chosen, onChoose }: Props) {
  return (
    <section class="health" aria-label="Connections">
      {connections.map((connection) => (
        <article
          key={connection.id}
          class={`connection is-${connection.state}`}
          aria-current={connection.id === chosen}
        >
          <h2>
            <button
              type="button"
              class="connection-name"
              aria-pressed={connection.id === chosen}
              onClick={() => onChoose(connection.id)}
            >
              {connection.id}
            </button>
            <span class={`state is-${connection.state}`}>{connection.state}</span>
          </h2>
          <p class="muted small">{nameOfProvider(connection.provider)}</p>
          <Advice connection={connection} />
          <dl>
            <dt>Behind by</dt>
            <dd>{connection.lagMs === null ? 'not known yet' : spanOf(connection.lagMs)}</dd>
            <dt>Last success</dt>
            <dd>
              <Instant at={connection.lastSuccessAt} />
            </dd>
            <dt>Stored</dt>
            <dd class="figures">{connection.counts.stored.toLocaleString('en-GB')}</dd>
            {connection.counts.quarantined > 0 && (
              <>
                <dt>Quarantined</dt>
                <dd class="figures">{connection.counts.quarantined.toLocaleString('en-GB')}</dd>
              </>
            )}
            <dt>Budget left</dt>
            <dd>
              <Budget budget={connection.budget} />
            </dd>
          </dl>
        </article>
      ))}
    </section>
  );
}

const nameOfProvider = (name: string): string =>
  Object.hasOwn(providers, name) ? providers[name as keyof typeof providers] : name;

/** What is wrong and what to do; silence where all is well. */
function Advice({ connection: { state, lastError, silentSince, lastSuccessAt } }: { connection: ConnectionState }) {
  if (state === 'stopped') return <p class="advice">Paused or removed: nothing reads it.</p>;
  const isPast = lastError && lastSuccessAt !== null && lastSuccessAt > lastError.at && state === 'healthy';
  return (
    <>
      {lastError && !isPast && (
        <p class="advice is-bad">
          <strong>{spaced(lastError.code.charAt(0).toLowerCase() + lastError.code.slice(1))}</strong>{' '}
          <span class="muted">
            <Instant at={lastError.at} />
          </span>
          <span class="block">{lastError.advice}</span>
        </p>
      )}
      {silentSince && (
        <p class="advice is-bad">
          <strong>silent</strong>
          <span class="block">
            Nothing new since <Instant at={silentSince} />, where other weeks had conversations. See whether the
            provider records them.
          </span>
        </p>
      )}
    </>
  );
}

function Budget({ budget: { remaining, resetsAt } }: Pick<ConnectionState, 'budget'>) {
  if (remaining === null) return <>no limit known</>;
  return (
    <>
      <span class="figures">{Math.floor(remaining).toLocaleString('en-GB')}</span>
      {resetsAt && (
        <span class="muted">
          {' '}
          until <Instant at={resetsAt} show="time" />
        </span>
      )}
    </>
  );
}
