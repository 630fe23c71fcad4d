import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Participant } from '#shared/domain/participant.ts';
import type { Utterance } from '#shared/domain/transcript.ts';
import { clockOf } from '../words/times.ts';
import { counted, nameOf, roles } from '../words/words.ts';

/** Characters of a turn that are drawn at once: a browser lays out half a million of them for seconds. */
const shownAtOnce = 4_000;

type Props = {
  utterance: Utterance;
  participants: readonly Participant[];
  /** CSS pixels from the top of the list */
  top: number;
  place: number;
  count: number;
  isPlaying: boolean;
  isFound: boolean;
  measure: (row: number, element: HTMLElement) => () => void;
  onSeek: ((ms: number) => void) | null;
};

/** One turn: who, when, and what. A provider's text is text, whatever stands in it. */
export function Turn(props: Props) {
  const { utterance, participants, top, place, count, isPlaying, isFound, measure, onSeek } = props;
  const element = useRef<HTMLLIElement>(null);
  useLayoutEffect(() => (element.current ? measure(place, element.current) : undefined), [place, measure]);
  const speaker = utterance.participant === null ? undefined : participants[utterance.participant];
  const { startMs, role } = utterance;
  // A transcript that is text alone says of no line who spoke it.
  const isHeaded = startMs !== null || role !== 'unknown' || speaker !== undefined;
  const seek = startMs === null || !onSeek ? null : () => onSeek(startMs);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the time in the turn is a button for keys
    <li
      ref={element}
      class={`turn is-${role}${isPlaying ? ' is-playing' : ''}${isFound ? ' is-found' : ''}`}
      style={{ transform: `translateY(${top}px)` }}
      aria-posinset={place + 1}
      aria-setsize={count}
      aria-current={isPlaying ? 'true' : undefined}
      onClick={seek ? (event) => seekUnlessMarked(event, seek) : undefined}
    >
      {isHeaded && <TurnHead utterance={utterance} speaker={speaker} seek={seek} />}
      <Said text={utterance.text} />
    </li>
  );
}

type HeadProps = { utterance: Utterance; speaker: Participant | undefined; seek: (() => void) | null };

function TurnHead({ utterance: { startMs, role, sentiment, intent }, speaker, seek }: HeadProps) {
  return (
    <div class="turn-head">
      {startMs === null ? null : seek ? (
        <button type="button" class="turn-time" onClick={seek} aria-label={`Play from ${clockOf(startMs)}`}>
          {clockOf(startMs)}
        </button>
      ) : (
        <span class="turn-time">{clockOf(startMs)}</span>
      )}
      <span class={`role is-${role}`}>{roles[role]}</span>
      {speaker && (
        <span class="turn-name">
          <bdi>{nameOf(speaker)}</bdi>
        </span>
      )}
      {sentiment && (
        <span class="tag">
          <bdi>{sentiment}</bdi>
        </span>
      )}
      {intent && (
        <span class="tag">
          <bdi>{intent}</bdi>
        </span>
      )}
    </div>
  );
}

function seekUnlessMarked(event: MouseEvent, seek: () => void): void {
  if ((event.target as HTMLElement).closest('button') || getSelection()?.toString()) return;
  seek();
}

function Said({ text }: { text: string }) {
  const [shown, setShown] = useState(shownAtOnce);
  const rest = text.length - shown;
  return (
    <p class="said" dir="auto">
      {rest > 0 ? text.slice(0, shown) : text}
      {rest > 0 && (
        <button type="button" class="plain" onClick={() => setShown(shown + 5 * shownAtOnce)}>
          … show more of {counted(rest, 'further character')}
        </button>
      )}
    </p>
  );
}
