import { writeAddress } from '../address/address.ts';
import { go } from '../address/here.ts';
import type { Conversation } from '../api/answers.ts';
import { Instant } from '../parts/clock.tsx';
import { ArtifactMark, StateGlyph } from '../parts/mark.tsx';
import { clockOf } from '../words/times.ts';
import { artifactName, channels, directions, partiesOf, providers, signed, statuses, titleOf } from '../words/words.ts';

/** One conversation of the list. The whole row leads to it; for keys and screen readers its name is the link. */
export function Row({ conversation, isFresh }: { conversation: Conversation; isFresh: boolean }) {
  const { id, startedAt, durationMs, title, participants, source } = conversation;
  const address = { view: 'conversation', id } as const;
  return (
    <tr class={isFresh ? 'is-fresh' : undefined} onClick={(event) => openUnlessMarked(event, () => go(address))}>
      <td class="when">
        <Instant at={startedAt} show="time" />
        <span class="muted small">
          <Instant at={startedAt} show="day" />
        </span>
      </td>
      <td class="who">
        <a class="row-link" href={writeAddress(address)}>
          <bdi>{titleOf(conversation)}</bdi>
        </a>
        {title && (
          <span class="muted small cut">
            <bdi>{partiesOf(participants)}</bdi>
          </span>
        )}
        {source === 'missing' && <span class="mark is-overdue">no longer listed at the provider</span>}
      </td>
      <td class="source">
        <span>{sourceOf(conversation)}</span>
        <span class="muted small">
          {providers[conversation.provider]} · {conversation.connection}
        </span>
      </td>
      <td class="right figures">{durationMs === null ? <span class="muted">–</span> : clockOf(durationMs)}</td>
      <td class="right figures">
        <Sentiment conversation={conversation} />
      </td>
      <td class="parts">
        <Parts artifacts={conversation.artifacts} />
      </td>
    </tr>
  );
}

/** Parts of a line: all that are not here, and as many of the others. */
const mostMarks = 6;

/** What is not here comes first, files behind the rest; of what is, the rest is counted. */
function Parts({ artifacts }: Pick<Conversation, 'artifacts'>) {
  const isFile = (kind: string) => Number(kind.startsWith('media:'));
  const all = Object.entries(artifacts).sort(([a], [b]) => isFile(a) - isFile(b));
  const open = all.filter(([, { state }]) => state !== 'ready');
  const ready = all.filter(([, { state }]) => state === 'ready');
  const room = Math.max(1, mostMarks - open.length);
  const shown = ready.length <= room ? ready : ready.slice(0, room - 1);
  const rest = ready.slice(shown.length);
  return (
    <>
      {[...open, ...shown].map(([kind, { state }]) => (
        <ArtifactMark key={kind} kind={kind} state={state} />
      ))}
      {rest.length > 0 && (
        <span class="mark is-ready" title={rest.map(([kind]) => artifactName(kind)).join(', ')}>
          <StateGlyph state="ready" />
          {shown.length > 0 ? `${rest.length} more` : `${rest.length} ready`}
        </span>
      )}
    </>
  );
}

/** A click on the row opens it, unless it was on a link, which does that itself, or ended a selection of text. */
function openUnlessMarked(event: MouseEvent, open: () => void): void {
  if ((event.target as HTMLElement).closest('a') || getSelection()?.toString()) return;
  open();
}

function sourceOf({ channel, direction, status }: Conversation): string {
  const said = [channels[channel]];
  if (direction !== 'unknown') said.push(directions[direction]);
  if (status !== 'completed' && status !== 'unknown') said.push(statuses[status]);
  return said.join(', ');
}

/** A number where the provider gives one, its label where it gives that alone. */
function Sentiment({ conversation: { sentiment } }: { conversation: Conversation }) {
  if (!sentiment || (sentiment.score === null && sentiment.label === null)) return <span class="muted">–</span>;
  if (sentiment.score === null) return <bdi>{sentiment.label}</bdi>;
  const { score } = sentiment;
  const [left, width] = [score < 0 ? 50 + score * 50 : 50, Math.abs(score) * 50];
  return (
    <span class="sentiment">
      {signed(score)}
      <svg class={`meter ${score < 0 ? 'is-low' : 'is-high'}`} viewBox="0 0 100 6" aria-hidden="true">
        <rect class="meter-ground" width="100" height="6" rx="3" />
        <rect x={left} width={width} height="6" />
        <rect class="meter-zero" x="49.5" width="1" height="6" />
      </svg>
    </span>
  );
}
