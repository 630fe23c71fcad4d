import { useMemo, useState } from 'preact/hooks';
import type { Utterance } from '#shared/domain/transcript.ts';

type Props = { utterances: readonly Utterance[]; onFound: (index: number) => void };

/** Finds turns by their words: the browser's own search sees only what is drawn. */
export function FindBar({ utterances, onFound }: Props) {
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const hits = useMemo(() => findTurns(utterances, text), [utterances, text]);
  const goTo = (place: number) => {
    const wrapped = (place + hits.length) % hits.length;
    const index = hits[wrapped];
    if (index === undefined) return;
    setAt(wrapped);
    onFound(index);
  };
  return (
    <search>
      <form
        class="find"
        onSubmit={(event) => {
          event.preventDefault();
          goTo(at + 1);
        }}
      >
        <input
          type="search"
          aria-label="Find in the transcript"
          placeholder="Find in the transcript"
          value={text}
          onInput={({ currentTarget }) => {
            setText(currentTarget.value);
            setAt(-1);
          }}
        />
        {text !== '' && (
          <span class="muted small" role="status">
            {hits.length === 0 ? 'none' : `${Math.max(0, at) + 1} of ${hits.length}`}
          </span>
        )}
        {hits.length > 0 && (
          <>
            <button type="button" class="plain" aria-label="The one before" onClick={() => goTo(at - 1)}>
              ↑
            </button>
            <button type="submit" class="plain" aria-label="The next one">
              ↓
            </button>
          </>
        )}
      </form>
    </search>
  );
}

function findTurns(utterances: readonly Utterance[], text: string): number[] {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return [];
  return utterances.flatMap((turn, index) => (turn.text.toLowerCase().includes(wanted) ? [index] : []));
}
