import { useState } from 'preact/hooks';
import type { Conversation } from '../api/answers.ts';
import { AskFailed } from '../api/ask.ts';
import { can } from '../api/session.ts';
import { Failure } from '../parts/notes.tsx';
import { Panel } from '../parts/panel.tsx';
import { fileName, sizeOf } from '../words/words.ts';
import { linkTo } from './media-link.ts';

/** The files whose bytes are stored, to be saved. */
export function Files({ conversation: { id, media } }: { conversation: Conversation }) {
  const [error, setError] = useState<AskFailed | null>(null);
  if (media.length === 0) return null;
  const download = async (key: string) => {
    setError(null);
    try {
      saveFrom(await linkTo(id, key));
    } catch (failure) {
      setError(failure instanceof AskFailed ? failure : new AskFailed(0, String(failure)));
    }
  };
  return (
    <Panel title="Files">
      <ul class="file-list">
        {media.map(({ key, contentType, bytes, sha512 }) => (
          <li key={key}>
            <span>
              <bdi>{fileName(key)}</bdi>
              <span class="muted small block" title={`SHA-512 ${sha512}`}>
                {contentType} · {sizeOf(bytes)}
              </span>
            </span>
            {can('media') && (
              <button type="button" onClick={() => void download(key)}>
                Download
              </button>
            )}
          </li>
        ))}
      </ul>
      <Failure error={error} />
    </Panel>
  );
}

/** Has the browser save what is there, under the name that the answer gives it. */
function saveFrom(href: string): void {
  const link = document.createElement('a');
  link.href = href;
  link.download = '';
  link.click();
}
