import type { Conversation } from '../api/answers.ts';
import { Panel } from '../parts/panel.tsx';
import { signed } from '../words/words.ts';

type Sentiment = NonNullable<Conversation['sentiment']>;

/** Sentiment as the provider gave it: a number, a label, its course and its shares, whichever there are. */
export function SentimentPanel({ conversation: { sentiment } }: { conversation: Conversation }) {
  if (!sentiment) return null;
  const { score, label, overTime, distribution } = sentiment;
  if (score === null && label === null && !overTime && !distribution) return null;
  return (
    <Panel title="Sentiment">
      <p class="headline">
        {score !== null && <span class="figures">{signed(score)}</span>}
        {label && <bdi>{label}</bdi>}
        {score !== null && <span class="muted small">on a scale from −1 to +1</span>}
      </p>
      {overTime && overTime.length > 0 && <Course overTime={overTime} />}
      {distribution && <Distribution distribution={distribution} />}
    </Panel>
  );
}

const height = 64;
const y = (score: number): number => ((1 - score) / 2) * height;

/** The course over the call, in steps as it was given, and each figure for reading. */
function Course({ overTime }: { overTime: NonNullable<Sentiment['overTime']> }) {
  return (
    <>
      <svg class="course" viewBox={`0 0 100 ${height}`} preserveAspectRatio="none" aria-hidden="true">
        <line class="course-zero" x1="0" x2="100" y1={y(0)} y2={y(0)} />
        {overTime.map(({ startPercent, endPercent, score }) => (
          <rect
            key={startPercent}
            class={score < 0 ? 'is-low' : 'is-high'}
            x={startPercent + 0.4}
            width={Math.max(0.4, endPercent - startPercent - 0.8)}
            y={Math.min(y(score), y(0))}
            height={Math.max(0.8, Math.abs(y(score) - y(0)))}
          />
        ))}
      </svg>
      <div class="axis muted small" aria-hidden="true">
        <span>start</span>
        <span>end of the call</span>
      </div>
      <details class="small">
        <summary>Figures</summary>
        <table class="figures-table">
          <thead>
            <tr>
              <th scope="col">Part of the call</th>
              <th scope="col" class="right">
                Sentiment
              </th>
            </tr>
          </thead>
          <tbody>
            {overTime.map(({ startPercent, endPercent, score }) => (
              <tr key={startPercent}>
                <td>
                  {startPercent}–{endPercent} %
                </td>
                <td class="right figures">{signed(score)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </>
  );
}

const shares = [
  ['veryNegative', 'Very negative', 'low2'],
  ['negative', 'Negative', 'low1'],
  ['neutral', 'Neutral', 'silence'],
  ['positive', 'Positive', 'high1'],
  ['veryPositive', 'Very positive', 'high2'],
] as const;

function Distribution({ distribution }: { distribution: NonNullable<Sentiment['distribution']> }) {
  const total = shares.reduce((sum, [field]) => sum + distribution[field], 0);
  if (total <= 0) return null;
  let left = 0;
  return (
    <>
      <svg class="share-bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
        {shares.map(([field, , tone]) => {
          const [x, width] = [left, (distribution[field] / total) * 100];
          left += width;
          return <rect key={field} class={`tone-${tone}`} x={x} width={Math.max(0, width - 0.6)} height="8" />;
        })}
      </svg>
      <ul class="legend">
        {shares.map(([field, name, tone]) => (
          <li key={field}>
            <span class={`swatch tone-${tone}`} />
            {name}
            <span class="figures">{distribution[field]} %</span>
          </li>
        ))}
      </ul>
    </>
  );
}
