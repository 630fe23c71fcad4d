import type { Conversation } from '../api/answers.ts';
import { Panel } from '../parts/panel.tsx';
import { clockOf } from '../words/times.ts';

type Props = { conversation: Conversation };

export function Summary({ conversation: { summary } }: Props) {
  if (!summary) return null;
  return (
    <Panel title="Summary">
      <p class="summary" dir="auto">
        {summary}
      </p>
    </Panel>
  );
}

export function Categories({ conversation: { categories } }: Props) {
  if (categories.length === 0) return null;
  const groups = Map.groupBy(categories, ({ group }) => group ?? '');
  return (
    <Panel title="Categories">
      <dl class="groups">
        {[...groups].map(([group, members]) => (
          <div key={group}>
            <dt>
              <bdi>{group || 'Other'}</bdi>
            </dt>
            <dd>
              {members.map(({ name, matches }) => (
                <span key={name} class="tag">
                  <bdi>{name}</bdi>
                  {matches !== null && <span class="muted"> ×{matches}</span>}
                </span>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}

const shares = [
  ['agentMs', 'Agent', 'agent'],
  ['customerMs', 'Customer', 'customer'],
  ['crossTalkMs', 'Both at once', 'cross'],
  ['silenceMs', 'Silence', 'silence'],
] as const;

/** Who spoke for how long, as one bar and in figures. */
export function TalkTime({ conversation: { talkTime } }: Props) {
  if (!talkTime) return null;
  const known = shares.flatMap(([field, name, tone]) => {
    const ms = talkTime[field];
    return ms === null ? [] : [{ ms, name, tone }];
  });
  const total = known.reduce((sum, { ms }) => sum + ms, 0);
  if (total === 0) return null;
  let left = 0;
  return (
    <Panel title="Talk time">
      <svg class="share-bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
        {known.map(({ ms, name, tone }) => {
          const [x, width] = [left, (ms / total) * 100];
          left += width;
          return <rect key={name} class={`tone-${tone}`} x={x} width={Math.max(0, width - 0.6)} height="8" />;
        })}
      </svg>
      <ul class="legend">
        {known.map(({ ms, name, tone }) => (
          <li key={name}>
            <span class={`swatch tone-${tone}`} />
            {name}
            <span class="figures">
              {clockOf(ms)} <span class="muted">{Math.round((ms / total) * 100)} %</span>
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
