import { useState } from 'preact/hooks';
import type { Operation } from '../api/answers.ts';
import { AskFailed, ask } from '../api/ask.ts';
import { Instant } from '../parts/clock.tsx';
import { Failure } from '../parts/notes.tsx';
import { spanOf } from '../words/times.ts';
import { spaced } from '../words/words.ts';
import { aboutKinds } from './kinds.ts';

/** One operation: how far it has come, how long it will take, and what came of it. */
export function OperationCard({ operation, onChanged }: { operation: Operation; onChanged: () => void }) {
  const { kind, state, createdAt, request, progress, estimateSeconds, result, error } = operation;
  const [failure, setFailure] = useState<AskFailed | null>(null);
  const isOpen = state === 'queued' || state === 'running';
  const cancel = () => {
    setFailure(null);
    ask(`/v1/${kind}/${operation.id}/cancel`, { method: 'POST' }).then(onChanged, (reason) =>
      setFailure(reason instanceof AskFailed ? reason : new AskFailed(0, String(reason))),
    );
  };
  return (
    <li class={`operation is-${state}`}>
      <div class="operation-head">
        <h3>{isRetention(request) ? 'Retention' : aboutKinds[kind].name}</h3>
        {isDry(request) && <span class="tag">dry run</span>}
        <span class={`state is-${state}`}>{state}</span>
        <span class="muted small">
          <Instant at={createdAt} />
        </span>
        <span class="grow" />
        {isOpen && (
          <button type="button" onClick={cancel}>
            Cancel
          </button>
        )}
      </div>
      <Facts value={request} leaveOut={['dryRun']} />
      {state === 'queued' && <p class="muted small">Waits for its turn.</p>}
      {state === 'running' && <Progress progress={progress} estimateSeconds={estimateSeconds} />}
      {result !== null && <Facts value={result} />}
      {error && (
        <p class="advice is-bad">
          <strong>{spaced(error.code.charAt(0).toLowerCase() + error.code.slice(1))}</strong>
          <span class="block">{error.message}</span>
        </p>
      )}
      <Failure error={failure} />
    </li>
  );
}

const isDry = (request: unknown): boolean => (request as { dryRun?: unknown } | null)?.dryRun === true;

/** What the daily job asks for itself: the same work as an erasure, by age. */
const isRetention = (request: unknown): boolean => (request as { retention?: unknown } | null)?.retention !== undefined;

function Progress({ progress: { done, total }, estimateSeconds }: Pick<Operation, 'progress' | 'estimateSeconds'>) {
  const said = total === null ? 'being counted' : `${Math.floor((100 * done) / Math.max(1, total))} %`;
  return (
    <p class="progress">
      {total === null ? (
        <progress aria-label="Progress" />
      ) : (
        <progress aria-label="Progress" max={Math.max(1, total)} value={done} />
      )}
      <span class="figures">{said}</span>
      <span class="muted small">
        {estimateSeconds === null ? 'time left is not known yet' : `about ${spanOf(estimateSeconds * 1_000)} left`}
      </span>
    </p>
  );
}

/** What it says by name; of a group of facts those that say something, under both names. */
function factsOf(value: unknown): [name: string, value: unknown][] {
  return Object.entries((value ?? {}) as Record<string, unknown>).flatMap(([name, one]): [string, unknown][] => {
    if (typeof one !== 'object' || one === null || Array.isArray(one)) return [[name, one]];
    const group = Object.entries(one).filter(([, inner]) => inner !== null && inner !== 0);
    return group.map(([inner, said]) => [`${spaced(name)}: ${spaced(inner)}`, said]);
  });
}

/** The plain facts of a request or a result; lists by their length. */
function Facts({ value, leaveOut = [] }: { value: unknown; leaveOut?: readonly string[] }) {
  const entries = factsOf(value).filter(([name]) => !leaveOut.includes(name));
  if (entries.length === 0) return null;
  return (
    <dl class="facts-line">
      {entries.map(([name, one]) => (
        <div key={name}>
          <dt>{spaced(name)}</dt>
          <dd class="figures">
            <bdi>{sayOf(one)}</bdi>
          </dd>
        </div>
      ))}
    </dl>
  );
}

const isInstant = (text: string): boolean => /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(text);

function sayOf(value: unknown) {
  if (typeof value === 'string') return isInstant(value) ? <Instant at={value} /> : value;
  if (Array.isArray(value)) return value.length > 3 ? `${value.length}` : value.map(textOf).join(', ') || 'none';
  return textOf(value);
}

const textOf = (value: unknown): string =>
  typeof value === 'number' ? value.toLocaleString('en-GB') : typeof value === 'string' ? value : JSON.stringify(value);
