import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Conversation, Transcript } from '../api/answers.ts';
import { can } from '../api/session.ts';
import { Empty, Waiting } from '../parts/notes.tsx';
import { stateMeanings } from '../words/words.ts';
import { FindBar } from './find-bar.tsx';
import { Turn } from './turn.tsx';
import { useVirtualRows } from './use-virtual-rows.ts';

type Props = {
  conversation: Conversation;
  transcript: Transcript | null;
  /** index of the turn that is spoken now */
  playing: number | null;
  onSeek: ((ms: number) => void) | null;
};

/** What was said, turn by turn, or why there is none. */
export function Turns({ conversation, transcript, playing, onSeek }: Props) {
  if (!can('content')) return null;
  const artifact = conversation.artifacts['transcript'];
  if (transcript) return <TurnList {...{ conversation, transcript, playing, onSeek }} />;
  if (artifact?.state === 'ready') return <Waiting lines={6} label="The transcript is being read" />;
  if (artifact?.state === 'pending' || artifact?.state === 'overdue')
    return (
      <Empty title={artifact.state === 'pending' ? 'The transcript is not there yet.' : 'The transcript is late.'}>
        <p>It appears here by itself as soon as the provider has it.</p>
      </Empty>
    );
  const meaning = artifact ? stateMeanings[artifact.state] : 'none is promised for it';
  return <Empty title="There is no transcript.">{<p>Of this conversation {meaning}.</p>}</Empty>;
}

type ListProps = Omit<Props, 'transcript'> & { transcript: Transcript };

function TurnList({ conversation, transcript, playing, onSeek }: ListProps) {
  const { utterances } = transcript;
  const box = useRef<HTMLDivElement>(null);
  const [found, setFound] = useState<number | null>(null);
  const [follows, setFollows] = useState(true);
  const isTimed = utterances.some(({ startMs }) => startMs !== null);
  const rows = useVirtualRows(box, utterances.length);
  const shown = useMemo(() => utterances.slice(rows.first, rows.end), [utterances, rows.first, rows.end]);
  useEffect(() => {
    if (follows && playing !== null) rows.show(playing);
  }, [playing, follows]);
  const goTo = (index: number) => {
    setFollows(false);
    setFound(index);
    rows.show(index);
  };
  return (
    <>
      <div class="turns-bar">
        <FindBar utterances={utterances} onFound={goTo} />
        {onSeek && isTimed && (
          <label class="check">
            <input
              type="checkbox"
              checked={follows}
              onChange={({ currentTarget }) => setFollows(currentTarget.checked)}
            />
            Follow the recording
          </label>
        )}
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so keys must reach it */}
      <section class="turns" ref={box} tabIndex={0} aria-label={`Transcript, ${utterances.length} turns`}>
        <ol style={{ height: `${rows.height}px` }}>
          {shown.map((utterance, i) => (
            <Turn
              key={utterance.index}
              utterance={utterance}
              participants={conversation.participants}
              top={rows.topOf(rows.first + i)}
              place={rows.first + i}
              count={utterances.length}
              isPlaying={playing === rows.first + i}
              isFound={found === rows.first + i}
              measure={rows.measure}
              onSeek={onSeek}
            />
          ))}
        </ol>
      </section>
    </>
  );
}
