import type { ComponentChildren } from 'preact';
import type { AskFailed } from '../api/ask.ts';

/** What went wrong, where it happened, and a way to try again. */
export function Failure({ error, again }: { error: AskFailed | null; again?: () => void }) {
  if (!error || error.status === 401) return null;
  return (
    <div class="note is-bad" role="alert">
      <span>{error.message}</span>
      {again && (
        <button type="button" class="plain" onClick={again}>
          Try again
        </button>
      )}
    </div>
  );
}

/** Nothing to show, and why. */
export function Empty({ title, children }: { title: string; children?: ComponentChildren }) {
  return (
    <div class="empty">
      <p class="empty-title">{title}</p>
      {children}
    </div>
  );
}

/** Lines in the place of what is still on its way: of its size, so that nothing jumps. */
export function Waiting({ lines, label }: { lines: number; label: string }) {
  return (
    <div class="waiting" role="status">
      <span class="unseen">{label}</span>
      {Array.from({ length: lines }, (_, i) => (
        <span key={i} class="waiting-line" />
      ))}
    </div>
  );
}
