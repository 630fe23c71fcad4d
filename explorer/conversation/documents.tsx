import { useEffect, useRef, useState } from 'preact/hooks';
import type { Conversation } from '../api/answers.ts';
import { AskFailed, tell } from '../api/ask.ts';
import { can } from '../api/session.ts';
import { Failure, Waiting } from '../parts/notes.tsx';
import { Panel } from '../parts/panel.tsx';
import { sizeOf } from '../words/words.ts';
import { type Answer, documentsOf } from './document-list.ts';

/** The same conversation in every shape that programs get it in, one click away. */
export function Documents({ conversation }: { conversation: Conversation }) {
  const [open, setOpen] = useState<Answer | null>(null);
  const groups = Map.groupBy(
    documentsOf(conversation).filter(({ needs }) => can(needs)),
    ({ group }) => group,
  );
  return (
    <Panel title="As programs see it">
      {[...groups].map(([group, answers]) => (
        <div key={group} class="document-group">
          <span class="muted small">{group}</span>
          <span class="document-links">
            {answers.map((answer) => (
              <button key={answer.name} type="button" class="plain" onClick={() => setOpen(answer)}>
                {answer.name}
              </button>
            ))}
          </span>
        </div>
      ))}
      {open && <Viewer answer={open} onClose={() => setOpen(null)} />}
    </Panel>
  );
}

/** Characters that are drawn; all of them are saved. */
const mostShown = 200_000;

/** An answer as it came, to read and to save. */
function Viewer({ answer, onClose }: { answer: Answer; onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [text, setText] = useState<string | null>(null);
  const [error, setError] = useState<AskFailed | null>(null);
  useEffect(() => {
    dialog.current?.showModal();
    tell(answer.path, { accept: answer.accept }).then(
      (told) => setText(readable(told?.text ?? '')),
      (failure) => setError(failure instanceof AskFailed ? failure : new AskFailed(0, String(failure))),
    );
  }, [answer]);
  return (
    <dialog ref={dialog} class="viewer" aria-label={answer.name} onClose={onClose}>
      <header>
        <h2>
          {answer.group}: {answer.name}
        </h2>
        <span class="grow" />
        {text !== null && (
          <button type="button" onClick={() => save(text, answer.file)}>
            Save
          </button>
        )}
        <button type="button" onClick={() => dialog.current?.close()}>
          Close
        </button>
      </header>
      <code class="path">GET {answer.path}</code>
      <Failure error={error} />
      {text === null && !error && <Waiting lines={6} label="The answer is being read" />}
      {text !== null && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so keys must reach it
        <pre tabIndex={0}>{text.length > mostShown ? text.slice(0, mostShown) : text}</pre>
      )}
      {text !== null && text.length > mostShown && (
        <p class="muted small">The first {sizeOf(mostShown)} are shown. Save it to see all of it.</p>
      )}
    </dialog>
  );
}

/** JSON with indents; anything else as it is. */
function readable(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

function save(text: string, file: string): void {
  const href = URL.createObjectURL(new Blob([text]));
  const link = document.createElement('a');
  link.href = href;
  link.download = file;
  link.click();
  URL.revokeObjectURL(href);
}
